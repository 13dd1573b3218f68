import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ApiError, sentence } from "@/api/problem";
import { useNow } from "@/components/now";
import { clockTime } from "@/components/time";
import { TimeAgo } from "@/components/TimeAgo";
import { endpointHealthQuery } from "../api/endpointHealth";
import type { Delivery } from "../api/getNotification";
import { Countdown } from "./Countdown";

/** When a delivery is tried again, and what holds it back. */
export function NextTry({ delivery }: { delivery: Delivery }) {
  const { next_attempt_at: next, expires_at: expires, history } = delivery;
  return (
    <div>
      {next !== null && (
        <Text size="sm" mt="xs">
          <strong>
            {history.length === 0 ? "First" : "Next"} attempt <Countdown at={next} />
          </strong>
          , given up <TimeAgo at={expires} />.
        </Text>
      )}
      <HeldBack endpointId={delivery.endpoint_id} />
    </div>
  );
}

function HeldBack({ endpointId }: { endpointId: string }) {
  const now = useNow();
  const { data, error } = useQuery(endpointHealthQuery(endpointId));
  const text =
    error instanceof ApiError && error.status === 404 ? "Its endpoint was deleted since." : data && reason(data, now);
  if (text === undefined) return null;
  return <Text size="sm">{text}</Text>;
}

interface Health {
  enabled: boolean;
  disabledReason: string | null;
  status: string;
  open_until: string | null;
}

/** What besides the schedule holds deliveries to an endpoint back. */
export function reason({ enabled, disabledReason, status, open_until: until }: Health, now: Date): string | undefined {
  if (!enabled) {
    return disabledReason === null
      ? "Its endpoint is off, so no more attempts are made."
      : `Its endpoint was turned off by the platform: ${sentence(disabledReason)}`;
  }
  if (status !== "open") return undefined;
  if (until !== null && new Date(until) <= now) {
    return "The receiver failed so often that it was left alone for a while. It is about to be asked once.";
  }
  const when = until === null ? "for a while" : `until ${clockTime(new Date(until))}`;
  return `The receiver failed so often that it is left alone ${when}; then it is asked once. What waits for it uses up no attempts meanwhile.`;
}
