import { Button, Group, Text } from "@mantine/core";
import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import IconPlayerPlay from "@tabler/icons-react/icons/IconPlayerPlay";
import { useNow } from "./now";
import { relativeTime } from "./time";
import type { Live } from "./useLive";

interface LiveStatusProps {
  live: Live;
  /** A query's `dataUpdatedAt`; 0 before there is any. */
  updatedAt: number;
}

/** How old the figures are, and a button that holds them still. */
export function LiveStatus({ live, updatedAt }: LiveStatusProps) {
  const now = useNow();
  const Icon = live.paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" c="dimmed" className="numbers">
        {updatedAt === 0 ? "Loading" : `Updated ${relativeTime(new Date(updatedAt), now)}`}
      </Text>
      <Button size="compact-sm" variant="default" leftSection={<Icon size={14} aria-hidden />} onClick={live.toggle}>
        {live.paused ? "Resume" : "Pause"}
      </Button>
    </Group>
  );
}
