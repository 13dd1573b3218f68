import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconBan from "@tabler/icons-react/icons/IconBan";
import IconBell from "@tabler/icons-react/icons/IconBell";
import IconDatabase from "@tabler/icons-react/icons/IconDatabase";
import IconFlag from "@tabler/icons-react/icons/IconFlag";
import IconInbox from "@tabler/icons-react/icons/IconInbox";
import { plural } from "@/components/numbers";
import { duration } from "@/components/time";
import type { NotificationDetail } from "../api/getNotification";
import { acceptedAt } from "./acceptedAt";
import { DeliveryStep } from "./DeliveryStep";
import { MatchedRules } from "./MatchedRules";
import { byAttention } from "./order";
import { Step } from "./Step";
import styles from "./Timeline.module.css";

const SHOWN_AT_FIRST = 10;

/** What became of an alert, from when it happened to its last delivery. */
export function Story({ notification }: { notification: NotificationDetail }) {
  const { event_at: happened, created_at: recorded, alert_id: alertId, rules_version: version } = notification;
  const accepted = acceptedAt(alertId, recorded);
  return (
    <ol className={styles.timeline}>
      <Step icon={IconBell} title="It happened" at={happened} note="by the alert’s own word" />
      {accepted !== undefined && <Step icon={IconInbox} title="Accepted" at={accepted} note="by the time in its id" />}
      <Step icon={IconDatabase} title="Matched and recorded" at={recorded} note={later(accepted ?? happened, recorded)}>
        <Text size="sm" c="dimmed">
          {plural(notification.rule_ids.length, "rule")} matched, in version {version} of the rule set
        </Text>
        <MatchedRules notification={notification} />
      </Step>
      <DeliverySteps notification={notification} />
      <Ending notification={notification} />
    </ol>
  );
}

function DeliverySteps({ notification }: { notification: NotificationDetail }) {
  const [opened, { open }] = useDisclosure();
  const { deliveries, created_at: since, deliveries_truncated: truncated } = notification;
  const shown = byAttention(deliveries).slice(0, opened ? undefined : SHOWN_AT_FIRST);
  return (
    <>
      {shown.map((delivery) => (
        <DeliveryStep key={delivery.id} delivery={delivery} since={since} />
      ))}
      {shown.length < deliveries.length && (
        <li className={styles.step}>
          <Button size="xs" variant="default" onClick={open}>
            Show {plural(deliveries.length - shown.length, "more receiver")}
            {truncated && " (the first 500 in all)"}
          </Button>
        </li>
      )}
    </>
  );
}

function Ending({ notification }: { notification: NotificationDetail }) {
  const { status, finished_at: finished, created_at: recorded } = notification;
  if (status === "NO_ENDPOINT") {
    return (
      <Step icon={IconBan} title="Nobody was told" at={finished ?? undefined}>
        <Text size="sm">
          No rule that matched has an endpoint that is on. Add one to a rule, then send this notification again.
        </Text>
      </Step>
    );
  }
  if (finished === null) return null;
  return <Step icon={IconFlag} title="Finished" at={finished} note={later(recorded, finished)} />;
}

/** `2.1 s later`; nothing when the clocks disagree. */
function later(before: string, then: string): string | undefined {
  const milliseconds = Date.parse(then) - Date.parse(before);
  return milliseconds < 0 ? undefined : `${duration(milliseconds)} later`;
}
