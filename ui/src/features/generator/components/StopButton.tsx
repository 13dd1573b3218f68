import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { describeError } from "@/api/problem";
import { type Job, useStopJob } from "../api/jobs";
import { titleOf } from "./words";

export function StopButton({ job, size = "sm" }: { job: Job; size?: string }) {
  const stop = useStopJob();
  if (job.status !== "running") return null;
  const onError = (error: unknown): void => {
    notifications.show({ color: "red", title: "The job was not stopped", message: describeError(error) });
  };
  return (
    <Button
      variant="default"
      size={size}
      loading={stop.isPending}
      aria-label={`Stop “${titleOf(job)}”`}
      onClick={() => stop.mutate(job.id, { onError })}
    >
      Stop
    </Button>
  );
}
