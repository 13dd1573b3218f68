import { Button, Group, Text } from "@mantine/core";
import IconArrowUp from "@tabler/icons-react/icons/IconArrowUp";
import { LiveStatus } from "@/components/LiveStatus";
import { formatCount } from "@/components/numbers";
import type { Tail } from "./useTail";

/** Above the rows: how many came since they hold still, and the pause button. Its height does not change. */
export function TailBar({ tail }: { tail: Tail }) {
  const { holds, live, newer, query, follows, showNewer } = tail;
  if (!follows) return null;
  return (
    <Group justify="space-between" mih={32} mb={4} gap="xs">
      <div role="status">
        {newer.count > 0 && (
          <Button
            size="compact-sm"
            leftSection={<IconArrowUp size={14} aria-hidden />}
            onClick={() => void showNewer().then(() => window.scrollTo({ top: 0 }))}
          >
            Show {formatCount(newer)} new
          </Button>
        )}
      </div>
      <Group gap="sm">
        {holds && !live.paused && (
          <Text size="sm" c="dimmed">
            Rows hold still while you read
          </Text>
        )}
        <LiveStatus live={live} query={query} />
      </Group>
    </Group>
  );
}
