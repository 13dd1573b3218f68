import { Button, Group, Stack, Switch, Textarea } from "@mantine/core";
import { ConflictDialog } from "@/components/ConflictDialog";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { Severity } from "@/components/Severity";
import type { Rule } from "../api/rules";
import { FormLayout } from "./FormLayout";
import { MatchFields } from "./MatchFields";
import { OverlapPanel } from "./OverlapPanel";
import { useRuleEdit } from "./useRuleEdit";
import type { RuleValues } from "./values";

const LABELS: Readonly<Record<keyof RuleValues & string, string>> = {
  severity: "Severity",
  source: "Source",
  name: "Name",
  description: "Description",
  enabled: "On",
};

const show = (field: string, value: unknown): React.ReactNode => {
  if (field === "severity") return <Severity value={value as RuleValues["severity"]} />;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return value === "" ? "(empty)" : String(value);
};

/** Changes a rule; when somebody else was faster, shows both versions. */
export function RuleEdit({ rule, onDone }: { rule: Rule; onDone: () => void }) {
  const { form, problem, saving, submit, save, conflict, choose, dismiss } = useRuleEdit(rule, onDone);
  const { values } = form;
  const pattern = {
    client_id: rule.client_id,
    severity: values.severity,
    source: values.source.trim(),
    name: values.name.trim(),
  };
  return (
    <FormLayout beside={<OverlapPanel pattern={pattern} except={rule.id} />}>
      <Panel title="Edit">
        <form onSubmit={submit(save)} noValidate>
          <Stack gap="md">
            <MatchFields
              values={values}
              inputProps={form.getInputProps}
              onSeverity={(severity) => form.setFieldValue("severity", severity)}
            />
            <Textarea label="Description" autosize minRows={2} maxRows={8} {...form.getInputProps("description")} />
            <Switch
              label="On"
              description="Off, it matches nothing until you turn it on."
              {...form.getInputProps("enabled", { type: "checkbox" })}
            />
            <FormError>{problem}</FormError>
            <Group>
              <Button type="submit" loading={saving}>
                Save
              </Button>
              <Button variant="default" onClick={onDone}>
                Cancel
              </Button>
            </Group>
          </Stack>
        </form>
      </Panel>
      <ConflictDialog
        conflict={conflict}
        what="this rule"
        labels={LABELS}
        show={show}
        onClose={dismiss}
        onChoose={choose}
      />
    </FormLayout>
  );
}
