import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { shownAddress } from "@/components/endpoints/address";
import { EndpointFields } from "@/components/endpoints/EndpointFields";
import { createEndpoint, useRefreshEndpoints } from "@/components/endpoints/queries";
import type { CreatedEndpoint } from "@/components/endpoints/types";
import {
  bodyOf,
  ENDPOINT_FIELDS,
  ENDPOINT_VALIDATION,
  type EndpointValues,
  NEW_ENDPOINT,
} from "@/components/endpoints/values";
import { FormError } from "@/components/FormError";
import { SecretOnce } from "@/components/SecretOnce";
import { useProblemForm } from "@/components/useProblemForm";

interface AddEndpointProps {
  ruleId: string;
  opened: boolean;
  onClose: () => void;
}

/** One more endpoint for a rule; a webhook's secret is shown once. */
export function AddEndpoint({ ruleId, opened, onClose }: AddEndpointProps) {
  const [created, setCreated] = useState<CreatedEndpoint>();
  const onDone = (endpoint: CreatedEndpoint): void => {
    onClose();
    if (endpoint.secret === null) {
      notifications.show({ message: `“${shownAddress(endpoint.type, endpoint.value)}” is added.` });
    } else {
      setCreated(endpoint);
    }
  };
  return (
    <>
      <Modal opened={opened} onClose={onClose} title="Add an endpoint" size="lg" closeOnClickOutside={false}>
        <AddForm ruleId={ruleId} onDone={onDone} onCancel={onClose} />
      </Modal>
      <SecretOnce
        secret={created?.secret ?? undefined}
        onClose={() => setCreated(undefined)}
        title="The signing secret"
      >
        <Text size="sm">The endpoint is added. With this secret its receiver checks that a webhook is from here.</Text>
      </SecretOnce>
    </>
  );
}

interface AddFormProps {
  ruleId: string;
  onDone: (endpoint: CreatedEndpoint) => void;
  onCancel: () => void;
}

function AddForm({ ruleId, onDone, onCancel }: AddFormProps) {
  const refresh = useRefreshEndpoints();
  const { form, problem, saving, submit } = useProblemForm<EndpointValues>(
    { initialValues: NEW_ENDPOINT, validate: ENDPOINT_VALIDATION },
    ENDPOINT_FIELDS,
  );
  const save = async (values: EndpointValues): Promise<void> => {
    const endpoint = await createEndpoint(ruleId, bodyOf(values));
    void refresh();
    onDone(endpoint);
  };
  return (
    <form onSubmit={submit(save)} noValidate>
      <Stack gap="md">
        <EndpointFields
          values={form.values}
          inputProps={form.getInputProps}
          onType={(type) => form.setFieldValue("type", type)}
        />
        <FormError>{problem}</FormError>
        <Group justify="end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
