import { Button, Group, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ApiError } from "@/api/problem";
import { ConflictDialog } from "@/components/ConflictDialog";
import type { Conflict } from "@/components/conflict";
import { EndpointFields } from "@/components/endpoints/EndpointFields";
import { patchEndpoint, readEndpoint, useRefreshEndpoints } from "@/components/endpoints/queries";
import { profileInWords } from "@/components/endpoints/retry";
import type { Endpoint } from "@/components/endpoints/types";
import {
  bodyOf,
  ENDPOINT_FIELDS,
  ENDPOINT_VALIDATION,
  type EndpointValues,
  valuesOf,
} from "@/components/endpoints/values";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { useProblemForm } from "@/components/useProblemForm";

const LABELS: Readonly<Record<keyof EndpointValues & string, string>> = {
  type: "Type",
  value: "Address",
  enabled: "On",
  fallback: "Only a fallback",
  profile: "Tries again",
  delays: "Waits",
  max_age: "Gives up after",
};

const show = (field: string, value: unknown): string => {
  if (field === "profile") return profileInWords(value as EndpointValues["profile"])?.label ?? String(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return value === "" ? "(as usual)" : String(value);
};

/** Changes an endpoint; when somebody else was faster, shows both versions. */
export function EndpointEdit({ endpoint, onDone }: { endpoint: Endpoint; onDone: () => void }) {
  // The page follows the endpoint as it changes; what one edits is the version that one began with.
  const [base, setBase] = useState(endpoint);
  const [conflict, setConflict] = useState<Conflict<EndpointValues> & { latest: Endpoint }>();
  const refresh = useRefreshEndpoints();
  const { form, problem, saving, submit } = useProblemForm<EndpointValues>(
    { initialValues: valuesOf(endpoint), validate: ENDPOINT_VALIDATION },
    ENDPOINT_FIELDS,
  );
  const save = async (version: Endpoint, values: EndpointValues): Promise<void> => {
    const { value, enabled, fallback, retry } = bodyOf(values);
    try {
      await patchEndpoint(version, { value, enabled, fallback, ...(retry && { retry }) });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      const latest = await readEndpoint(endpoint.id);
      setConflict({ base: valuesOf(base), mine: values, theirs: valuesOf(latest), latest });
      return;
    }
    await refresh();
    notifications.show({ message: "The endpoint is saved." });
    onDone();
  };
  const choose = (values: EndpointValues): void => {
    if (conflict === undefined) return;
    const { latest } = conflict;
    setBase(latest);
    setConflict(undefined);
    form.setValues(values);
    submit((chosen) => save(latest, chosen))();
  };
  return (
    <Panel title="Edit">
      <form onSubmit={submit((values) => save(base, values))} noValidate style={{ maxWidth: 560 }}>
        <Stack gap="md">
          <EndpointFields
            values={form.values}
            inputProps={form.getInputProps}
            onType={(type) => form.setFieldValue("type", type)}
            typeIsFixed
          />
          <Switch
            label="On"
            description="Off, it is told nothing."
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
      <ConflictDialog
        conflict={conflict}
        what="this endpoint"
        labels={LABELS}
        show={show}
        onClose={() => setConflict(undefined)}
        onChoose={choose}
      />
    </Panel>
  );
}
