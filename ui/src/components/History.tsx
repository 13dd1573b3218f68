import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "@/api/client";
import { cursorPaging } from "./cursorPaging";
import { DataTable } from "./DataTable";
import { EmptyState } from "./EmptyState";
import { actorInWords, type AuditEntry, changeInWords } from "./historyWords";
import type { Column } from "./tableTypes";
import { TimeAgo } from "./TimeAgo";

type Subject = "rule" | "client" | "endpoint";

const historyQuery = (subject: Subject, id: string, cursor: string | undefined) =>
  queryOptions({
    // Under the resource, so that whatever changes it brings its history up to date.
    queryKey: [`${subject}s`, id, "history", cursor],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/audit", {
          params: { query: { subject, subject_id: id, limit: 25, ...(cursor !== undefined && { cursor }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

const COLUMNS: readonly Column<AuditEntry>[] = [
  { key: "what", title: "What", render: changeInWords },
  { key: "who", title: "Who", render: actorInWords },
  { key: "at", title: "When", render: ({ at }) => <TimeAgo at={at} />, width: 160 },
];

/** Who changed this thing, when, and to what. */
export function History({ subject, id }: { subject: Subject; id: string }) {
  const [stack, setStack] = useState<readonly string[]>();
  const paging = cursorPaging(stack, ({ page }) => setStack(page));
  const query = useQuery(historyQuery(subject, id, paging.cursor));
  return (
    <DataTable
      label="Changes"
      columns={COLUMNS}
      query={query}
      rowId={(entry) => String(entry.id)}
      paging={paging}
      empty={<EmptyState title="No changes are recorded" hint="What was made before records began has none." />}
    />
  );
}
