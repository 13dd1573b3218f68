import { Kbd, Modal, Table } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect } from "react";
import { isTyping } from "@/components/isTyping";

const SHORTCUTS = [
  { keys: ["⌘ K", "Ctrl K"], what: "Go to a page, find a rule or a client" },
  { keys: ["j", "k"], what: "Next row, previous row" },
  { keys: ["Enter"], what: "Open the row" },
  { keys: ["?"], what: "Show this" },
] as const;

/** The keys that do something, shown on `?`. */
export function Shortcuts() {
  const [opened, { open, close }] = useDisclosure();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "?" && !isTyping(event)) open();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open]);
  return (
    <Modal opened={opened} onClose={close} title="Keyboard shortcuts" centered>
      <Table>
        <Table.Tbody>
          {SHORTCUTS.map(({ keys, what }) => (
            <Table.Tr key={what}>
              <Table.Th scope="row" w={140}>
                {keys.map((key) => (
                  <Kbd key={key} mr={6}>
                    {key}
                  </Kbd>
                ))}
              </Table.Th>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
