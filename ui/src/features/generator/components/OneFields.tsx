import { ActionIcon, Button, Group, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import IconTrash from "@tabler/icons-react/icons/IconTrash";
import { SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import styles from "./Generator.module.css";
import type { JobValues } from "./values";

const SEVERITY_CHOICES = SEVERITIES.map((value) => ({ value, label: SEVERITY_LOOKS[value].word }));

/** One alert, as one writes it down. */
export function OneFields({ form }: { form: UseFormReturnType<JobValues> }) {
  return (
    <div className={styles.columns}>
      <Stack gap="md">
        <Select label="Severity" data={SEVERITY_CHOICES} allowDeselect={false} {...form.getInputProps("severity")} />
        <TextInput label="Source" placeholder="payments" maxLength={255} required {...form.getInputProps("source")} />
        <TextInput label="Name" placeholder="timeout" maxLength={255} required {...form.getInputProps("name")} />
        <TextInput
          label="Id"
          description="Left empty, it gets one. Nobody is notified twice of the same id."
          maxLength={255}
          {...form.getInputProps("alert_id")}
        />
      </Stack>
      <Context form={form} />
    </div>
  );
}

function Context({ form }: { form: UseFormReturnType<JobValues> }) {
  return (
    <fieldset className={styles.part}>
      <legend>Context</legend>
      <Stack gap="xs">
        {form.values.context.map((_, place) => (
          // Rows have no name of their own while one types it.
          <Group key={place} gap="xs" wrap="nowrap" align="start">
            <TextInput
              aria-label={`Name of entry ${place + 1}`}
              placeholder="region"
              {...form.getInputProps(`context.${place}.key`)}
            />
            <TextInput
              aria-label={`Value of entry ${place + 1}`}
              placeholder="eu-1"
              flex={1}
              {...form.getInputProps(`context.${place}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Take entry ${place + 1} away`}
              onClick={() => form.removeListItem("context", place)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={form.values.context.length >= 64}
            onClick={() => form.insertListItem("context", { key: "", value: "" })}
          >
            Add an entry
          </Button>
        </Group>
      </Stack>
    </fieldset>
  );
}
