import { Button, Group, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ConflictDialog } from "@/components/ConflictDialog";
import { EndpointFields } from "@/components/endpoints/EndpointFields";
import { type EndpointPatch, patchEndpoint, readEndpoint, useRefreshEndpoints } from "@/components/endpoints/queries";
import { profileInWords } from "@/components/endpoints/retry";
import type { Endpoint } from "@/components/endpoints/types";
import {
  ENDPOINT_FIELDS,
  ENDPOINT_VALIDATION,
  type EndpointValues,
  patchOf,
  valuesOf,
} from "@/components/endpoints/values";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { UnsavedChanges } from "@/components/UnsavedChanges";
import { useEdit } from "@/components/useEdit";

const LABELS: Readonly<Record<keyof EndpointValues, string>> = {
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
  const refresh = useRefreshEndpoints();
  const { form, problem, saving, unsaved, onSubmit, ...lostRace } = useEdit<Endpoint, EndpointValues, EndpointPatch>({
    thing: endpoint,
    valuesOf,
    validate: ENDPOINT_VALIDATION,
    rename: ENDPOINT_FIELDS,
    patchOf,
    save: patchEndpoint,
    read: () => readEndpoint(endpoint.id),
    onSaved: () => {
      void refresh();
      notifications.show({ message: "The endpoint is saved." });
      onDone();
    },
  });
  return (
    <Panel title="Edit">
      <form onSubmit={onSubmit} noValidate style={{ maxWidth: 560 }}>
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
      <UnsavedChanges unsaved={unsaved} />
      <ConflictDialog {...lostRace} what="this endpoint" labels={LABELS} show={show} />
    </Panel>
  );
}
