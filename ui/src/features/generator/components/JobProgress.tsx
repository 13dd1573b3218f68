import { Group, Progress, Text } from "@mantine/core";
import { formatNumber } from "@/components/numbers";
import { isRunning, type Job } from "../api/jobs";
import { progressOf, titleOf } from "./words";

const COLORS: Readonly<Partial<Record<Job["status"], string>>> = {
  completed: "green",
  failed: "red",
  stopped: "gray.6",
};

const colorOf = (job: Job): string => (isRunning(job) ? "indigo" : (COLORS[job.status] ?? "gray.6"));

/** How far a job is: a bar, and the numbers. */
export function JobProgress({ job, size = "lg" }: { job: Job; size?: string }) {
  const { acknowledged, total, rate } = job;
  return (
    <div>
      <Progress.Root size={size} mb={6}>
        <Progress.Section
          value={progressOf(job)}
          color={colorOf(job)}
          striped={job.status === "running"}
          aria-label={`Progress of “${titleOf(job)}”`}
        />
      </Progress.Root>
      <Group justify="space-between" gap="sm" className="numbers">
        <Text size="sm">
          {formatNumber(acknowledged)}
          {total !== null && ` of ${formatNumber(total)}`} sent
        </Text>
        <Text size="sm" c="dimmed">
          {formatNumber(rate)} a second
        </Text>
      </Group>
    </div>
  );
}
