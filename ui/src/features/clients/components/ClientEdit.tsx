import { Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ConflictDialog } from "@/components/ConflictDialog";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { UnsavedChanges } from "@/components/UnsavedChanges";
import { useEdit } from "@/components/useEdit";
import { type Client, type ClientPatch, patchClient, readClient, useRefreshClients } from "../api/clients";
import { type ClientValues, nameFault, patchOf, valuesOf } from "./values";

const LABELS = { name: "Name", enabled: "On" };

/** Changes a client; when somebody else was faster, shows both versions. */
export function ClientEdit({ client, onDone }: { client: Client; onDone: () => void }) {
  const refresh = useRefreshClients();
  const { form, problem, saving, unsaved, onSubmit, ...lostRace } = useEdit<Client, ClientValues, ClientPatch>({
    thing: client,
    valuesOf,
    validate: { name: nameFault },
    patchOf,
    save: patchClient,
    read: () => readClient(client.id),
    onSaved: () => {
      void refresh();
      notifications.show({ message: "The client is saved." });
      onDone();
    },
  });
  return (
    <Panel title="Edit">
      <form onSubmit={onSubmit} noValidate style={{ maxWidth: 480 }}>
        <Stack gap="md">
          <TextInput label="Name" required autoComplete="off" {...form.getInputProps("name")} />
          <Switch
            label="On"
            description="Off, none of its rules matches anything."
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
      <ConflictDialog {...lostRace} what="this client" labels={LABELS} />
    </Panel>
  );
}
