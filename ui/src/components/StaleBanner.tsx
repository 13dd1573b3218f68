import { Alert, Button, Group, Text } from "@mantine/core";
import IconClockExclamation from "@tabler/icons-react/icons/IconClockExclamation";
import { describeError } from "@/api/problem";
import { clockTime } from "./time";

interface StaleBannerProps {
  error: unknown;
  /** When what is shown was loaded, in milliseconds; a query's `dataUpdatedAt`. */
  since: number;
  onRetry?: (() => void) | undefined;
}

/** What is shown is old, because the last reload failed: why, and from when it is. */
export function StaleBanner({ error, since, onRetry }: StaleBannerProps) {
  return (
    <Alert role="status" color="yellow" icon={<IconClockExclamation aria-hidden />} my="sm" py="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {describeError(error)} What you see is from {clockTime(new Date(since))}.
        </Text>
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
