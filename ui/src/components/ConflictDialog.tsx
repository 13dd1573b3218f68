import { Button, Group, Modal, Radio, Stack, Table, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Choices, type Conflict, differing, merged, type Side, suggested } from "./conflict";

interface ConflictDialogProps<Values extends object> {
  /** Undefined when there is none. */
  conflict: Conflict<Values> | undefined;
  /** `this rule`. */
  what: string;
  /** The fields' names on the form. */
  labels: Readonly<Record<keyof Values & string, string>>;
  /** How a value is shown; as text otherwise. */
  show?: (field: keyof Values & string, value: unknown) => ReactNode;
  onClose: () => void;
  /** Save these values, on top of their version. */
  onChoose: (values: Values) => void;
}

/** Both versions of what two people changed, side by side, and a choice for each field. */
export function ConflictDialog<Values extends object>(props: ConflictDialogProps<Values>) {
  const { conflict, what, onClose } = props;
  return (
    <Modal opened={conflict !== undefined} onClose={onClose} size="xl" title={`Somebody else has changed ${what}`}>
      {conflict && <Choosing {...props} conflict={conflict} />}
    </Modal>
  );
}

function Choosing<Values extends object>(props: ConflictDialogProps<Values> & { conflict: Conflict<Values> }) {
  const { conflict, labels, show = plainly, onClose, onChoose } = props;
  const fields = differing(conflict) as (keyof Values & string)[];
  const [choices, setChoices] = useState<Choices<Values>>(() => suggested(conflict));
  const all = (side: Side): void =>
    setChoices(Object.fromEntries(fields.map((name) => [name, side])) as Choices<Values>);
  return (
    <Stack>
      <Text size="sm">Your change is not saved yet. Choose what to keep; other fields are as they saved them.</Text>
      <Table.ScrollContainer minWidth={280}>
        <Table aria-label="What differs" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Yours</Table.Th>
              <Table.Th>Theirs</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((name) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{labels[name]}</Table.Th>
                {(["mine", "theirs"] as const).map((side) => (
                  <Table.Td key={side}>
                    <Radio
                      name={`conflict-${name}`}
                      checked={choices[name] === side}
                      onChange={() => setChoices({ ...choices, [name]: side })}
                      label={show(name, conflict[side][name])}
                      aria-label={`${labels[name]}: ${side === "mine" ? "yours" : "theirs"}, ${plainly(name, conflict[side][name])}`}
                    />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between">
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={() => all("mine")}>
            All mine
          </Button>
          <Button variant="default" size="xs" onClick={() => all("theirs")}>
            All theirs
          </Button>
        </Group>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Go on editing
          </Button>
          <Button onClick={() => onChoose(merged(conflict, choices))}>Save these</Button>
        </Group>
      </Group>
    </Stack>
  );
}

function plainly(_field: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === undefined || value === null || value === "") return "(empty)";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
