import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, describeError } from "@/api/problem";
import { FormError } from "@/components/FormError";
import { plural } from "@/components/numbers";
import { QueryState } from "@/components/QueryState";
import { countQuery } from "../api/countNotifications";
import type { NotificationFilter } from "../api/filter";
import { useResendMany } from "../api/resendNotifications";
import { resentInWords } from "./resent";

interface ResendManyProps {
  opened: boolean;
  onClose: () => void;
  filter: NotificationFilter;
}

/** Sends again what the filter finds, after one has seen how many that are. */
export function ResendMany({ opened, onClose, filter }: ResendManyProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Send many again"
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Question filter={filter} onClose={onClose} />
    </Modal>
  );
}

/** What comes in meanwhile is not meant: the filter ends now, unless it ends before. */
export const upToNow = (filter: NotificationFilter, now: Date): NotificationFilter => ({
  to: now.toISOString(),
  ...filter,
});

function Question({ filter, onClose }: Omit<ResendManyProps, "opened">) {
  const [given] = useState(() => upToNow(filter, new Date()));
  const [onlyFailed, setOnlyFailed] = useState(given.status === undefined);
  const wanted: NotificationFilter = onlyFailed ? { ...given, status: ["FAILED", "PARTIAL"] } : given;
  const query = useQuery({ ...countQuery(wanted), staleTime: Infinity });
  return (
    <Stack gap="md">
      <Text size="sm">
        What did not arrive is sent again, also to endpoints that its rules have got since. What has arrived is not sent
        a second time.
      </Text>
      {given.status === undefined && (
        <Checkbox
          label="Only notifications that failed or were partly sent"
          checked={onlyFailed}
          onChange={(event) => setOnlyFailed(event.currentTarget.checked)}
        />
      )}
      <QueryState query={query} what="how many these are">
        {(count) => (
          <Confirm
            filter={wanted}
            {...count}
            onRecount={() => void query.refetch()}
            onClose={onClose}
            key={JSON.stringify(wanted)}
          />
        )}
      </QueryState>
    </Stack>
  );
}

interface ConfirmProps {
  filter: NotificationFilter;
  count: number;
  more: boolean;
  onRecount: () => void;
  onClose: () => void;
}

function Confirm({ filter, count, more, onRecount, onClose }: ConfirmProps) {
  const resend = useResendMany();
  const [changed, setChanged] = useState(false);
  const send = (): void =>
    resend.mutate(
      { filter, expected: count },
      {
        onSuccess: (resent) => {
          notifications.show({ message: resentInWords(resent, ` of ${plural(resent.notifications, "notification")}`) });
          onClose();
        },
        onError: (error) => {
          if (!(error instanceof ApiError) || error.status !== 409) return;
          // Somebody or something was faster: the person decides again, by the new number.
          setChanged(true);
          onRecount();
        },
      },
    );
  const failed = resend.isError && !changed ? describeError(resend.error) : undefined;
  return (
    <>
      <Text fw={600} role="status">
        {summary(count, more)}
      </Text>
      {changed && (
        <Text size="sm" c="orange">
          Meanwhile the number has changed, so nothing was sent. Look at it once more.
        </Text>
      )}
      <FormError>{failed}</FormError>
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={send} loading={resend.isPending} disabled={count === 0 || more}>
          {count === 0 || more ? "Send again" : `Send ${plural(count, "notification")} again`}
        </Button>
      </Group>
    </>
  );
}

/** How many it is about, and what to do when they cannot be sent at once. */
export function summary(count: number, more: boolean): string {
  if (more) return "These are too many to send at once. Narrow the filter, for instance to a shorter time.";
  if (count === 0) return "The filter finds nothing to send again.";
  return `The filter finds ${plural(count, "notification")}.`;
}
