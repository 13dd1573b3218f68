import { Button, Group, Stack, Switch, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { deploymentQuery } from "@/api/deployment";
import { readRule } from "@/api/rule";
import { ConflictDialog } from "@/components/ConflictDialog";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { Severity } from "@/components/Severity";
import { UnsavedChanges } from "@/components/UnsavedChanges";
import { useEdit } from "@/components/useEdit";
import { patchRule, type RulePatch } from "../api/rule";
import type { Rule } from "../api/rules";
import { FormLayout } from "./FormLayout";
import { MatchFields } from "./MatchFields";
import { OverlapPanel } from "./OverlapPanel";
import { SameRule, useTakenPattern } from "./SameRule";
import { catchAllFault, patchOf, RULE_VALIDATION, type RuleValues, valuesOf } from "./values";

const LABELS: Readonly<Record<keyof RuleValues, string>> = {
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
  const queries = useQueryClient();
  const allowsAll = useQuery(deploymentQuery).data?.allow_catch_all_rules ?? true;
  const { form, problem, saving, unsaved, onSubmit, ...lostRace } = useEdit<Rule, RuleValues, RulePatch>({
    thing: rule,
    valuesOf,
    validate: { ...RULE_VALIDATION, severity: catchAllFault(allowsAll) },
    patchOf,
    save: patchRule,
    read: () => readRule(rule.id),
    onError: (error) => onError(error),
    onSaved: () => {
      for (const each of ["rules", "endpoints"]) void queries.invalidateQueries({ queryKey: [each] });
      notifications.show({ message: "The rule is saved." });
      onDone();
    },
  });
  const { values } = form;
  const pattern = {
    client_id: rule.client_id,
    severity: values.severity,
    source: values.source.trim(),
    name: values.name.trim(),
  };
  const [taken, onError] = useTakenPattern(pattern);
  return (
    <FormLayout beside={<OverlapPanel pattern={pattern} except={rule.id} />}>
      <Panel title="Edit">
        <form onSubmit={onSubmit} noValidate>
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
            <SameRule pattern={taken} except={rule.id} />
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
      <UnsavedChanges unsaved={unsaved} />
      <ConflictDialog {...lostRace} what="this rule" labels={LABELS} show={show} />
    </FormLayout>
  );
}
