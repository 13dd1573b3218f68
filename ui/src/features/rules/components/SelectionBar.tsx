import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { plural } from "@/components/numbers";
import type { Rule } from "../api/rules";
import { useRuleDeletion } from "./useRuleDeletion";
import { useSwitchRules } from "./useSwitchRules";

interface SelectionBarProps {
  rules: readonly Rule[];
  onClear: () => void;
}

/** What one can do with the selected rules, and how many they are. */
export function SelectionBar({ rules, onClear }: SelectionBarProps) {
  const toggle = useSwitchRules();
  const remove = useRuleDeletion();
  const [asking, { open, close }] = useDisclosure();
  const count = plural(rules.length, "rule");
  const turn = (enabled: boolean): void => toggle.mutate({ rules, enabled }, { onSuccess: onClear });
  return (
    <Group
      className="surface"
      component="section"
      aria-label="Selected rules"
      px="md"
      py="xs"
      mb="sm"
      justify="space-between"
      gap="sm"
    >
      <Text size="sm" fw={600} role="status" className="numbers">
        {count} selected
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" loading={toggle.isPending} onClick={() => turn(true)}>
          Turn on
        </Button>
        <Button size="xs" variant="default" loading={toggle.isPending} onClick={() => turn(false)}>
          Turn off
        </Button>
        <Button size="xs" variant="default" onClick={open}>
          Delete
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear selection
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        onClose={close}
        title={`Delete ${count}?`}
        confirm={`Delete ${count}`}
        danger
        onConfirm={() => {
          remove(rules);
          onClear();
          return Promise.resolve();
        }}
      >
        <Text size="sm">
          Their endpoints go with them, and nobody is told any more of what they match. You can undo it for 8 seconds.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
