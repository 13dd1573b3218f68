import { Box, Button, Group, Stack, Switch, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { deploymentQuery } from "@/api/deployment";
import { ClientFilter } from "@/components/ClientFilter";
import { FormError } from "@/components/FormError";
import { ButtonLink } from "@/components/links";
import { Panel } from "@/components/Panel";
import { UnsavedChanges } from "@/components/UnsavedChanges";
import { useProblemForm } from "@/components/useProblemForm";
import { type CreatedRule, createRule } from "../api/create";
import { EndpointList } from "./EndpointList";
import { FormLayout } from "./FormLayout";
import { MatchFields } from "./MatchFields";
import { OverlapPanel } from "./OverlapPanel";
import { SameRule, useTakenPattern } from "./SameRule";
import { catchAllFault, NEW_RULE_FIELDS, NEW_RULE_VALIDATION, newRuleOf, type NewRuleValues } from "./values";

interface NewRuleFormProps {
  initial: NewRuleValues;
  /** The rule that was made of it, which is not one that it overlaps with. */
  created: CreatedRule | undefined;
  onCreated: (created: CreatedRule) => void;
}

/** What to match and whom to tell, in one go. */
export function NewRuleForm({ initial, created, onCreated }: NewRuleFormProps) {
  const allowsAll = useQuery(deploymentQuery).data?.allow_catch_all_rules ?? true;
  const { form, problem, saving, unsaved, submit } = useProblemForm<NewRuleValues>(
    { initialValues: initial, validate: { ...NEW_RULE_VALIDATION, severity: catchAllFault(allowsAll) } },
    NEW_RULE_FIELDS,
  );
  const { values } = form;
  const save = async (chosen: NewRuleValues): Promise<void> =>
    onCreated(await createRule(chosen.client_id, newRuleOf(chosen)));
  const pattern = {
    client_id: values.client_id,
    severity: values.severity,
    source: values.source.trim(),
    name: values.name.trim(),
  };
  const [taken, onError] = useTakenPattern(pattern);
  // On a phone it stands where one has just said what to match.
  const overlaps = <OverlapPanel pattern={pattern} {...(created && { except: created.id })} />;
  return (
    <FormLayout beside={<Box visibleFrom="md">{overlaps}</Box>}>
      <form onSubmit={submit(save, onError)} noValidate>
        <Stack gap="md">
          <Panel title="Match">
            <Stack gap="md">
              <ClientFilter
                value={values.client_id || undefined}
                onChange={(id) => form.setFieldValue("client_id", id ?? "")}
                required
                width="100%"
                error={form.errors.client_id as string | undefined}
              />
              <MatchFields
                values={values}
                inputProps={form.getInputProps}
                onSeverity={(severity) => form.setFieldValue("severity", severity)}
              />
              <Textarea
                label="Description"
                description="What it is for, or what to do about it. Only shown here."
                autosize
                minRows={2}
                maxRows={8}
                {...form.getInputProps("description")}
              />
              <Switch
                label="On"
                description="Off, it matches nothing until you turn it on."
                {...form.getInputProps("enabled", { type: "checkbox" })}
              />
            </Stack>
          </Panel>
          <Box hiddenFrom="md">{overlaps}</Box>
          <EndpointList form={form} />
          <FormError>{problem}</FormError>
          <SameRule pattern={taken} />
          <Group>
            <Button type="submit" loading={saving}>
              Make the rule
            </Button>
            <ButtonLink to="/rules" ignoreBlocker variant="default">
              Cancel
            </ButtonLink>
          </Group>
        </Stack>
      </form>
      <UnsavedChanges unsaved={() => created === undefined && unsaved()} />
    </FormLayout>
  );
}
