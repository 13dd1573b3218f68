import { Alert, Button, Modal, Stack, Text } from "@mantine/core";
import IconKey from "@tabler/icons-react/icons/IconKey";
import type { ReactNode } from "react";
import { CopyField } from "./CopyField";

interface SecretOnceProps {
  /** Undefined when there is none to show. */
  secret: string | undefined;
  onClose: () => void;
  title: string;
  /** What it is for, and what to do with it. */
  children?: ReactNode;
}

/** A secret that nobody can look up again: shown until it is put away on purpose. */
export function SecretOnce({ secret, onClose, title, children }: SecretOnceProps) {
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onClose}
      title={title}
      centered
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        {children}
        <Alert color="yellow" icon={<IconKey aria-hidden />}>
          <Text size="sm">This is the only time that it is shown. Copy it now.</Text>
        </Alert>
        <CopyField value={secret ?? ""} label="the secret" />
        <Button onClick={onClose}>I have copied it</Button>
      </Stack>
    </Modal>
  );
}
