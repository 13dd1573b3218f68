import { Stack, Text } from "@mantine/core";
import { NumberCell } from "@/components/NumberCell";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import type { DeadLetter } from "../api/letters";
import { reasonInWords, topicInWords } from "./words";

export const COLUMNS: readonly Column<DeadLetter>[] = [
  {
    key: "reason",
    title: "Why it was refused",
    render: ({ reason, error }) => (
      <Stack gap={0}>
        <span>{reasonInWords(reason).word}</span>
        <Text span size="sm" c="dimmed" lineClamp={2} maw={480} style={{ overflowWrap: "anywhere" }}>
          {error}
        </Text>
      </Stack>
    ),
  },
  { key: "topic", title: "What it is", render: ({ topic }) => <span title={topic}>{topicInWords(topic)}</span> },
  {
    key: "key",
    title: "Key",
    wideOnly: true,
    hint: "What the message is about, such as an alert's id",
    render: ({ key }) => (
      <Text size="sm" ff="monospace" truncate maw={200} title={key ?? undefined}>
        {key ?? "–"}
      </Text>
    ),
  },
  { key: "service", title: "Refused by", render: ({ service }) => service },
  { key: "replays", title: "Replayed", number: true, render: ({ replays }) => <NumberCell value={replays} /> },
  { key: "written_at", title: "When", render: ({ written_at: at }) => <TimeAgo at={at} /> },
];
