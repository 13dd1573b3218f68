import { useSession } from "@/api/session";
import { CopyField } from "@/components/CopyField";
import { Facts } from "@/components/Facts";
import { AnchorLink } from "@/components/links";
import type { NotificationDetail } from "../api/getNotification";

/** What a notification is known by. */
export function NotificationFacts({ notification }: { notification: NotificationDetail }) {
  const { client_id: clientId, source, alert_id: alertId, id, trace_id: traceId } = notification;
  const { role } = useSession();
  return (
    <Facts
      facts={[
        role === "admin" && {
          title: "Client",
          value: (
            <AnchorLink to="/clients/$clientId" params={{ clientId }} inherit>
              {clientId}
            </AnchorLink>
          ),
        },
        { title: "Source", value: source },
        { title: "Alert", value: <CopyField value={alertId} label="the alert’s id" /> },
        { title: "Notification", value: <CopyField value={id} label="the notification’s id" /> },
        traceId !== null && { title: "Trace", value: <CopyField value={traceId} label="the trace’s id" /> },
      ]}
    />
  );
}
