import { Group, Stack } from "@mantine/core";
import IconTestPipe from "@tabler/icons-react/icons/IconTestPipe";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ButtonLink } from "@/components/links";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { Severity, SEVERITIES } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import { type NotificationDetail, notificationQuery } from "../api/getNotification";
import { AttemptsPicture } from "../components/AttemptsPicture";
import { ContextTable } from "../components/ContextTable";
import { NotificationFacts } from "../components/NotificationFacts";
import { ResendOne } from "../components/ResendOne";
import { Story } from "../components/Story";
import styles from "../components/Timeline.module.css";

export function NotificationPage() {
  const { notificationId } = useParams({ strict: false });
  const query = useQuery(notificationQuery(notificationId ?? ""));
  return (
    <>
      {query.data === undefined && <PageHeader title="Notification" />}
      <QueryState query={query} what="the notification">
        {(notification) => <Notification notification={notification} />}
      </QueryState>
    </>
  );
}

function Notification({ notification }: { notification: NotificationDetail }) {
  const { name, severity, status, context } = notification;
  return (
    <>
      <PageHeader
        title={name}
        aside={
          <Group gap="xs">
            <Severity value={severity} />
            <StatusBadge value={status} />
          </Group>
        }
        actions={
          <>
            <TryIt notification={notification} />
            <ResendOne notification={notification} />
          </>
        }
      />
      <div className={styles.columns}>
        <Panel title="What happened">
          <AttemptsPicture notification={notification} />
          <Story notification={notification} />
        </Panel>
        <Stack gap="md">
          <Panel title="About it">
            <NotificationFacts notification={notification} />
          </Panel>
          <Panel title="Context of the alert">
            <ContextTable context={context} />
          </Panel>
        </Stack>
      </div>
    </>
  );
}

/** Who would be told of such an alert now, after whatever was changed since. */
function TryIt({
  notification: { severity, source, name, client_id: clientId },
}: {
  notification: NotificationDetail;
}) {
  const known = SEVERITIES.find((each) => each === severity);
  if (known === undefined) return null;
  return (
    <ButtonLink
      to="/try"
      search={{ severity: known, source, name, client_id: clientId }}
      variant="default"
      leftSection={<IconTestPipe size={16} aria-hidden />}
    >
      Who would be told now?
    </ButtonLink>
  );
}
