import { Button, Group, Modal, Radio, Select, Stack, TextInput } from "@mantine/core";
import { type CreatedKey, useCreateKey } from "@/api/keys";
import { ClientFilter } from "@/components/ClientFilter";
import { FormError } from "@/components/FormError";
import { useProblemForm } from "@/components/useProblemForm";
import { EXPIRIES, expiryOf } from "./expiry";

const EMPTY = { name: "", kind: "ingest", client: "", expiry: "365", moment: "" };
type Values = typeof EMPTY;

const RENAME = { scope: "client", expires_at: "moment" };

const VALIDATE = {
  name: (name: string) => (name.trim() === "" ? "Give it a name." : null),
  client: (client: string, { kind }: Values) => (kind === "client" && client === "" ? "Choose a client." : null),
  moment: (moment: string, { expiry }: Values) =>
    expiryOf(expiry, moment, new Date()) === undefined ? "Choose a day and a time." : null,
};

interface NewKeyProps {
  opened: boolean;
  onClose: () => void;
  onCreated: (key: CreatedKey) => void;
}

/** Asks what a new key is for. */
export function NewKey(props: NewKeyProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="New API key" closeOnClickOutside={false} centered>
      <Form {...props} />
    </Modal>
  );
}

function Form({ onClose, onCreated }: NewKeyProps) {
  const create = useCreateKey();
  const { form, problem, saving, submit } = useProblemForm<Values>(
    { initialValues: EMPTY, validate: VALIDATE },
    RENAME,
  );
  const save = async ({ name, kind, client, expiry, moment }: Values): Promise<void> => {
    const scope = kind === "client" ? `client:${client}` : kind;
    onCreated(
      await create.mutateAsync({ name: name.trim(), scope, expires_at: expiryOf(expiry, moment, new Date()) ?? null }),
    );
    onClose();
  };
  const { kind, client, expiry } = form.values;
  return (
    <form onSubmit={submit(save)} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Who holds it, or where it is used."
          placeholder="prometheus in eu-1"
          maxLength={255}
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Radio.Group label="What it may do" {...form.getInputProps("kind")}>
          <Stack gap="xs" mt={6}>
            <Radio value="ingest" label="Send alerts" description="For Prometheus and whatever else sends." />
            <Radio value="client" label="Act for one client" description="See and change that client's things only." />
            <Radio value="admin" label="Everything" description="Also make keys such as this one." />
          </Stack>
        </Radio.Group>
        {kind === "client" && (
          <ClientFilter
            required
            width="100%"
            value={client || undefined}
            onChange={(id) => form.setFieldValue("client", id ?? "")}
            error={form.errors.client as string | undefined}
          />
        )}
        <Select
          label="Valid for"
          data={[...EXPIRIES]}
          allowDeselect={false}
          {...form.getInputProps("expiry")}
          error={expiry === "moment" ? undefined : form.errors.moment}
        />
        {expiry === "moment" && (
          <TextInput type="datetime-local" label="Valid until" required {...form.getInputProps("moment")} />
        )}
        <FormError>{problem ?? (kind === "client" ? undefined : form.errors.client)}</FormError>
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
