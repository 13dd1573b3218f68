import { CellText } from "@/components/CellText";
import { NumberCell } from "@/components/NumberCell";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import type { Integration } from "../api/integrations";
import { formatInWords } from "./sourceNames";

export const COLUMNS: readonly Column<Integration>[] = [
  { key: "name", title: "Integration", render: ({ name }) => <CellText id>{name}</CellText> },
  { key: "format", title: "Format", render: ({ format }) => (format ? formatInWords(format) : "–") },
  { key: "last", title: "Last event", render: ({ last_event_at: at }) => <TimeAgo at={at} /> },
  {
    key: "event",
    title: "Which was",
    wideOnly: true,
    render: ({ last_event: event }) => <CellText>{event ? `${event.source} / ${event.name}` : "–"}</CellText>,
  },
  { key: "accepted", title: "Taken", number: true, render: ({ accepted }) => <NumberCell value={accepted} /> },
  { key: "rejected", title: "Refused", number: true, render: ({ rejected }) => <NumberCell value={rejected} /> },
];
