import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { FormError } from "@/components/FormError";
import { useProblemForm } from "@/components/useProblemForm";
import { createClient, useRefreshClients } from "../api/clients";
import { idFault, idFrom, nameFault } from "./values";

interface NewClientProps {
  opened: boolean;
  onClose: () => void;
}

/** Makes a client, and opens it. */
export function NewClient({ opened, onClose }: NewClientProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="New client" closeOnClickOutside={false}>
      <NewClientForm onClose={onClose} />
    </Modal>
  );
}

function NewClientForm({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const refresh = useRefreshClients();
  const { form, problem, saving, submit } = useProblemForm({
    initialValues: { name: "", id: "" },
    validate: { name: nameFault, id: idFault },
  });
  const save = async (values: { name: string; id: string }): Promise<void> => {
    const { id } = await createClient({ id: values.id.trim(), name: values.name.trim(), enabled: true });
    void refresh();
    onClose();
    await navigate({ to: "/clients/$clientId", params: { clientId: id } });
  };
  // An id follows the name until one writes one's own.
  const onName = (name: string): void => {
    if (form.values.id === idFrom(form.values.name)) form.setFieldValue("id", idFrom(name));
    form.setFieldValue("name", name);
  };
  return (
    <form onSubmit={submit(save)} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          placeholder="Acme Payments"
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("name")}
          onChange={(event) => onName(event.currentTarget.value)}
        />
        <TextInput
          label="Id"
          description="What the API and keys call it. It cannot be changed later."
          placeholder="acme-payments"
          required
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps("id")}
        />
        <FormError>{problem}</FormError>
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            Make the client
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
