import IconPlayerPause from "@tabler/icons-react/icons/IconPlayerPause";
import { StatusBadge } from "@/components/StatusBadge";
import { Tone } from "@/components/Tone";
import type { Job } from "../api/jobs";

export function JobStatus({ status }: Pick<Job, "status">) {
  if (status === "stopping") {
    return (
      <Tone tone="low" icon={IconPlayerPause}>
        Stopping
      </Tone>
    );
  }
  return <StatusBadge value={status === "completed" ? "done" : status} />;
}
