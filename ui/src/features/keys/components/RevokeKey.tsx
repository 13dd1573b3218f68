import { Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Key } from "@/api/keys";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { TimeAgo } from "@/components/TimeAgo";
import { useRevokeKey } from "../api/revokeKey";

interface RevokeKeyProps {
  /** Undefined when none is to be revoked. */
  item: Key | undefined;
  /** Whether one is logged in with it. */
  own: boolean;
  onClose: () => void;
}

/** The last question before a key is worth nothing. */
export function RevokeKey({ item, own, onClose }: RevokeKeyProps) {
  const revoke = useRevokeKey();
  const onConfirm = async (): Promise<void> => {
    if (item === undefined) return;
    await revoke.mutateAsync(item.id);
    notifications.show({ message: `The key “${item.name}” is revoked.` });
  };
  return (
    <ConfirmDialog
      opened={item !== undefined}
      onClose={onClose}
      title="Revoke this key?"
      confirm="Revoke the key"
      danger
      onConfirm={onConfirm}
    >
      <Stack gap="xs">
        <Text size="sm">
          Whoever uses <strong>{item?.name}</strong> is refused from now on. This cannot be undone; you can only make
          another key.
        </Text>
        <Text size="sm">
          It was last used: <TimeAgo at={item?.last_used_at} />.
        </Text>
        {own && (
          <Text size="sm" fw={600}>
            You are logged in with this key. You will be logged out.
          </Text>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
