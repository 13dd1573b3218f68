import type { UseQueryResult } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { CellText } from "@/components/CellText";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { formatLatency, formatRate } from "@/components/platform/figures";
import type { Instance, PipelineFigures } from "@/components/platform/queries";
import { SERVICES, titleOf } from "@/components/platform/services";
import { Version } from "@/components/platform/Version";
import { NumberCell } from "@/components/NumberCell";
import { allRows, type Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import { processes } from "./rows";

interface ProcessTableProps {
  query: UseQueryResult<PipelineFigures>;
  /** Of one service only. */
  service?: string;
}

/** Every process: its version, since when it runs, and its own figures. */
export function ProcessTable({ query, service }: ProcessTableProps) {
  const known = query.data?.services !== null;
  return (
    <DataTable<Instance>
      label="Processes"
      columns={columnsFor(service)}
      query={allRows(query, (figures) => processes(figures, service))}
      rowId={({ service: name, instance }) => `${name}/${instance}`}
      rowName={({ instance }) => instance}
      {...(service === undefined && {
        rowLink: ({ service: name }) => linkOptions({ to: "/services/$service", params: { service: name } }),
      })}
      empty={
        known ? (
          <EmptyState
            title="No process runs"
            hint="A process is shown while it sends a sign of life every few seconds."
          />
        ) : (
          <EmptyState title="Which processes run is not known" hint="Redis does not answer." />
        )
      }
    />
  );
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

function columnsFor(service: string | undefined): Column<Instance>[] {
  const facts =
    service === undefined
      ? {
          takes: "alerts or messages read",
          gives: "what is made of them",
          refuses: "what was wrong with senders or receivers",
          fails: "what the platform could not do, and tries again",
        }
      : (SERVICES[service] ?? {});
  const columns: (Column<Instance> | false)[] = [
    { key: "instance", title: "Process", render: ({ instance }) => <CellText id>{instance}</CellText> },
    service === undefined && {
      key: "service",
      title: "Service",
      wideOnly: true,
      render: ({ service: name }) => titleOf(name),
    },
    { key: "version", title: "Version", render: ({ version }) => <Version value={version} /> },
    { key: "since", title: "Runs since", render: ({ started_at }) => <TimeAgo at={iso(started_at)} /> },
    {
      key: "seen",
      title: "Seen",
      hint: "its last sign of life",
      wideOnly: true,
      render: ({ at }) => <TimeAgo at={iso(at)} />,
    },
    facts.takes !== undefined && {
      key: "in",
      title: "Takes",
      number: true,
      hint: facts.takes,
      render: ({ rates }) => formatRate(rates.consumed),
    },
    facts.gives !== undefined && {
      key: "out",
      title: "Gives",
      number: true,
      hint: facts.gives,
      render: ({ rates }) => formatRate(rates.produced),
    },
    facts.refuses !== undefined && {
      key: "refused",
      title: "Refused",
      number: true,
      hint: facts.refuses,
      render: ({ rates }) => formatRate(rates.refused),
    },
    facts.fails !== undefined && {
      key: "fails",
      title: "Fails",
      number: true,
      hint: facts.fails,
      render: ({ rates }) => formatRate(rates.errors),
    },
    {
      key: "p50",
      title: "p50",
      number: true,
      hint: "half take no longer",
      render: ({ latency_ms }) => formatLatency(latency_ms.p50),
    },
    {
      key: "p99",
      title: "p99",
      number: true,
      hint: "99 of 100 take no longer",
      render: ({ latency_ms }) => formatLatency(latency_ms.p99),
    },
    {
      key: "rules",
      title: "Rules",
      hint: "the version of the rules that it works with",
      number: true,
      wideOnly: true,
      render: ({ rules_version }) => <NumberCell value={rules_version} />,
    },
  ];
  return columns.filter((column) => column !== false);
}
