import { Stack, Text } from "@mantine/core";
import { NumberCell } from "@/components/NumberCell";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import type { Job } from "../api/jobs";
import { JobStatus } from "./JobStatus";
import { titleOf } from "./words";

export const COLUMNS: readonly Column<Job>[] = [
  {
    key: "job",
    title: "Job",
    render: (job) => (
      <Stack gap={0}>
        <span>{titleOf(job)}</span>
        {job.error !== null && (
          <Text span size="sm" c="red" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
            {job.error}
          </Text>
        )}
      </Stack>
    ),
  },
  { key: "status", title: "Status", render: ({ status }) => <JobStatus status={status} /> },
  {
    key: "sent",
    title: "Sent",
    number: true,
    hint: "Alerts that the platform has taken",
    render: ({ acknowledged }) => <NumberCell value={acknowledged} />,
  },
  { key: "rate", title: "A second", number: true, render: ({ rate }) => <NumberCell value={rate} /> },
  { key: "started", title: "Started", render: ({ started_at: at }) => <TimeAgo at={at} /> },
  { key: "by", title: "By", render: ({ created_by: by }) => by, wideOnly: true },
];
