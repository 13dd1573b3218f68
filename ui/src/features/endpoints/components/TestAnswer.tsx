import { Stack, Text } from "@mantine/core";
import { CodeBlock } from "@/components/CopyField";
import { Facts } from "@/components/Facts";
import { StatusBadge } from "@/components/StatusBadge";
import { duration } from "@/components/time";
import type { TestResult } from "../api/test";

/** What the receiver answered, as it did. */
export function TestAnswer({ result: { status, attempt, waiting_for: waitingFor } }: { result: TestResult }) {
  return (
    <Stack gap="sm">
      <Facts
        facts={[
          { title: "Result", value: <StatusBadge value={status} /> },
          attempt !== null && {
            title: "Answer",
            value: attempt.status_code === null ? "None" : <strong className="numbers">{attempt.status_code}</strong>,
          },
          attempt !== null && { title: "Took", value: <span className="numbers">{duration(attempt.latency_ms)}</span> },
          attempt?.error != null && { title: "Error", value: attempt.error },
          attempt === null && { title: "Waits for", value: waitingFor ?? "Not known" },
        ]}
      />
      {attempt !== null &&
        (attempt.response ? (
          <CodeBlock value={attempt.response} label="The receiver’s answer" wrapped />
        ) : (
          <Text size="sm" c="dimmed">
            The answer had no text.
          </Text>
        ))}
    </Stack>
  );
}
