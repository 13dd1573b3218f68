import { Tooltip } from "@mantine/core";
import { useNow } from "./now";
import { absoluteTime, datedTime, relativeTime } from "./time";

interface TimeAgoProps {
  /** RFC 3339. */
  at: string | null | undefined;
  /** What to show when there is none. */
  never?: string;
  /** The moment itself instead of how long ago it is; the tooltip has the other. */
  absolute?: boolean;
}

/** A moment: how long ago, with the moment itself in the tooltip. */
export function TimeAgo({ at, never = "never", absolute = false }: TimeAgoProps) {
  const now = useNow();
  if (at === null || at === undefined) return <span>{never}</span>;
  const moment = new Date(at);
  const ago = relativeTime(moment, now);
  return (
    <Tooltip label={absolute ? ago : absoluteTime(moment)} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} className="numbers" style={{ whiteSpace: "nowrap" }}>
        {absolute ? datedTime(moment, now) : ago}
      </time>
    </Tooltip>
  );
}
