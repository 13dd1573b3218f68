import { Alert, Button, Group, Text } from "@mantine/core";
import IconAlertCircle from "@tabler/icons-react/icons/IconAlertCircle";
import { ApiError, describeError } from "@/api/problem";

interface ErrorStateProps {
  error: unknown;
  /** What could not be done: `The rules could not be loaded`. */
  what?: string;
  onRetry?: (() => void) | undefined;
}

/** What went wrong, in the service's own words, and a way to try again. */
export function ErrorState({ error, what = "This could not be loaded", onRetry }: ErrorStateProps) {
  const wait = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} title={what} my="sm">
      <Text size="sm">{describeError(error)}</Text>
      {wait !== undefined && <Text size="sm">It asks to wait {wait} s.</Text>}
      {onRetry !== undefined && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
