import { Button, Radio, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import IconSend from "@tabler/icons-react/icons/IconSend";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import type { NotificationDetail } from "../api/getNotification";
import { useResend, type Which } from "../api/resendNotification";
import { resentInWords } from "./resent";

const CHOICES = [
  {
    value: "undelivered",
    label: "What did not arrive",
    description: "Also to endpoints that its rules have got since",
  },
  {
    value: "all",
    label: "All of it",
    description:
      "Receivers that have it get it once more, under the same key, by which they can tell that it is the same",
  },
] as const satisfies readonly { value: Which; label: string; description: string }[];

/** Sends one notification again, after a question what of it. */
export function ResendOne({ notification }: { notification: NotificationDetail }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconSend size={16} aria-hidden />} onClick={open}>
        Send again …
      </Button>
      <Question key={String(opened)} notification={notification} opened={opened} onClose={close} />
    </>
  );
}

interface QuestionProps {
  notification: NotificationDetail;
  opened: boolean;
  onClose: () => void;
}

function Question({ notification, opened, onClose }: QuestionProps) {
  const [which, setWhich] = useState<Which>(notification.status === "SENT" ? "all" : "undelivered");
  const resend = useResend();
  const send = async (): Promise<void> => {
    const resent = await resend.mutateAsync({ id: notification.id, which });
    notifications.show({ message: resentInWords(resent) });
  };
  return (
    <ConfirmDialog opened={opened} onClose={onClose} title="Send again" confirm="Send again" onConfirm={send}>
      <Radio.Group label="What to send" value={which} onChange={(value) => setWhich(value)}>
        <Stack gap="sm" mt="xs">
          {CHOICES.map((choice) => (
            <Radio key={choice.value} {...choice} />
          ))}
        </Stack>
      </Radio.Group>
    </ConfirmDialog>
  );
}
