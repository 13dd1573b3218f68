import { Button, Group, Text } from "@mantine/core";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import type { UseQueryResult } from "@tanstack/react-query";
import { useNow } from "./now";
import { relativeTime } from "./time";
import type { Live } from "./useLive";

interface LiveStatusProps {
  live: Live;
  query: Pick<UseQueryResult, "dataUpdatedAt" | "isError">;
}

/** How old the figures are, and a button that holds them still. */
export function LiveStatus({ live, query }: LiveStatusProps) {
  const now = useNow();
  const Icon = live.paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" c="dimmed" className="numbers">
        {statusOf(query, now)}
      </Text>
      <Button size="compact-sm" variant="default" leftSection={<Icon size={14} aria-hidden />} onClick={live.toggle}>
        {live.paused ? "Resume" : "Pause"}
      </Button>
    </Group>
  );
}

function statusOf({ dataUpdatedAt: at, isError }: LiveStatusProps["query"], now: Date): string {
  if (at > 0) return `Updated ${relativeTime(new Date(at), now)}`;
  return isError ? "Not loaded" : "Loading";
}
