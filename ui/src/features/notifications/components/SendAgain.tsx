import { ActionIcon, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import IconRefresh from "@tabler/icons-react/icons/IconRefresh";
import { describeError } from "@/api/problem";
import type { Notification } from "../api/filter";
import { useResend } from "../api/resendNotification";
import { resentInWords } from "./resent";

/** In a row whose notification did not arrive everywhere: send that again. */
export function SendAgain({ notification }: { notification: Notification }) {
  const { id, status, name } = notification;
  const resend = useResend();
  if (status !== "FAILED" && status !== "PARTIAL") return null;
  const send = (): void =>
    resend.mutate(
      { id, which: "undelivered" },
      {
        onSuccess: (resent) => notifications.show({ title: name, message: resentInWords(resent) }),
        onError: (error) =>
          notifications.show({ color: "red", title: `${name} was not sent again`, message: describeError(error) }),
      },
    );
  return (
    <Tooltip label="Send again what did not arrive">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        loading={resend.isPending}
        onClick={send}
        aria-label={`Send ${name} again`}
      >
        <IconRefresh size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
