import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { describeError } from "@/api/problem";
import type { Endpoint } from "@/components/endpoints/types";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { SecretOnce } from "@/components/SecretOnce";
import { absoluteTime } from "@/components/time";
import { type RotatedSecret, rotateSecret } from "../api/rotate";

const KEEP = [
  { value: "0", label: "Not at all: it ends now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "259200", label: "3 days" },
  { value: "604800", label: "7 days" },
];

/** A new signing secret, with the old one good for a while. */
export function SecretRotation({ endpoint }: { endpoint: Endpoint }) {
  const [opened, { open, close }] = useDisclosure();
  const [rotated, setRotated] = useState<RotatedSecret>();
  return (
    <Panel title="Signing secret">
      <Stack gap="sm" align="start">
        <Text size="sm" c="dimmed">
          The receiver checks with it that a webhook is from here. Nobody can look it up again; if it is lost, or was
          never seen, make a new one. Endpoints of the client with the same URL share it.
        </Text>
        <Button variant="default" onClick={open}>
          New secret
        </Button>
      </Stack>
      <Modal
        opened={opened}
        onClose={close}
        title="Make a new signing secret"
        centered
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <RotationForm
          endpointId={endpoint.id}
          onDone={(secret) => {
            setRotated(secret);
            close();
          }}
        />
      </Modal>
      <SecretOnce secret={rotated?.secret} onClose={() => setRotated(undefined)} title="The new signing secret">
        <Text size="sm">
          {rotated?.previous_valid_until
            ? `Webhooks are signed with both secrets until ${absoluteTime(new Date(rotated.previous_valid_until))}. Change it at the receiver before then.`
            : "The old secret has ended. Change it at the receiver now."}
        </Text>
      </SecretOnce>
    </Panel>
  );
}

function RotationForm({ endpointId, onDone }: { endpointId: string; onDone: (secret: RotatedSecret) => void }) {
  const [keep, setKeep] = useState("86400");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const rotate = async (): Promise<void> => {
    setBusy(true);
    try {
      onDone(await rotateSecret(endpointId, Number(keep)));
    } catch (failure) {
      setError(describeError(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void rotate();
      }}
    >
      <Stack gap="md">
        <Select
          label="Go on signing with the old secret, too, for"
          description="As long as the receiver needs to learn the new one."
          data={KEEP}
          value={keep}
          onChange={(chosen) => setKeep(chosen ?? "86400")}
          allowDeselect={false}
        />
        <FormError>{error}</FormError>
        <Button type="submit" loading={busy}>
          Make a new secret
        </Button>
      </Stack>
    </form>
  );
}
