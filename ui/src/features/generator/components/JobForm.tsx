import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { FormError } from "@/components/FormError";
import { plural } from "@/components/numbers";
import { Panel } from "@/components/Panel";
import { useProblemForm } from "@/components/useProblemForm";
import { type Catalog, type Job, useStartJob } from "../api/jobs";
import { LoadFields } from "./LoadFields";
import { OneFields } from "./OneFields";
import { faultsOf } from "./validation";
import { alertsOf, type JobValues, type Kind, MANY, requestOf } from "./values";

const KIND_CHOICES = [
  { value: "continuous", label: "For a time" },
  { value: "burst", label: "At once" },
  { value: "one", label: "One alert" },
];

// The API names what is wrong with the mix below it.
const RENAME = Object.fromEntries(
  ["severities", "sources", "skew", "unmatched", "duplicates", "context_keys", "context_value_bytes"].map((field) => [
    `mix.${field}`,
    field,
  ]),
);

interface JobFormProps {
  initial: JobValues;
  catalog: Catalog;
  onKind: (kind: Kind) => void;
  onStarted: (job: Job) => void;
}

/** Every option that a job has; more than ten thousand alerts are asked about once more. */
export function JobForm({ initial, catalog, onKind, onStarted }: JobFormProps) {
  const start = useStartJob();
  const [many, setMany] = useState<JobValues>();
  const { form, problem, saving, submit } = useProblemForm<JobValues>(
    { initialValues: initial, validate: (values) => faultsOf(values, catalog.limits) },
    RENAME,
  );
  const run = async (values: JobValues): Promise<void> => onStarted(await start.mutateAsync(requestOf(values)));
  const ask = async (values: JobValues): Promise<void> => {
    if ((alertsOf(values) ?? 0) > MANY) setMany(values);
    else await run(values);
  };
  const number = alertsOf(form.values);
  const { kind } = form.values;
  return (
    <Panel title="New job">
      <form onSubmit={submit(ask)} noValidate>
        <Stack gap="lg">
          <SegmentedControl
            data={KIND_CHOICES}
            value={kind}
            onChange={(value) => {
              form.setFieldValue("kind", value as Kind);
              onKind(value as Kind);
            }}
            aria-label="Kind of job"
            style={{ alignSelf: "start" }}
          />
          {kind === "one" ? <OneFields form={form} /> : <LoadFields form={form} catalog={catalog} />}
          <FormError>{problem}</FormError>
          <Group>
            <Button type="submit" loading={saving}>
              {number === undefined ? "Send alerts" : `Send ${plural(number, "alert")}`}
            </Button>
            <Text size="sm" c="dimmed">
              They are handled like any other: rules match them, and receivers are notified.
            </Text>
          </Group>
        </Stack>
      </form>
      <ConfirmDialog
        opened={many !== undefined}
        onClose={() => setMany(undefined)}
        title={`Send ${plural(number ?? 0, "alert")}?`}
        confirm={`Send ${plural(number ?? 0, "alert")}`}
        onConfirm={() => (many === undefined ? Promise.resolve() : run(many))}
      >
        <Text size="sm">
          Each that a rule matches is a notification, to real receivers. You can stop the job, but not call back what it
          has sent.
        </Text>
      </ConfirmDialog>
    </Panel>
  );
}
