import { Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { NumberCell } from "@/components/NumberCell";
import { formatLatency, formatRate } from "@/components/platform/figures";
import type { History, PipelineFigures } from "@/components/platform/queries";
import { SERVICES, titleOf } from "@/components/platform/services";
import { StateWord } from "@/components/platform/StateWord";
import { Version } from "@/components/platform/Version";
import { allRows, type Column } from "@/components/tableTypes";
import { mainCount, type ServiceRow, serviceRows } from "./rows";
import { rowsOf } from "./history";
import { Sparkline } from "./Sparkline";

interface ServiceTableProps {
  query: UseQueryResult<PipelineFigures>;
  history: History | undefined;
}

/** All services with their state, what they do now, and how that was in the last hour. */
export function ServiceTable({ query, history }: ServiceTableProps) {
  return (
    <DataTable<ServiceRow>
      label="Services"
      columns={columnsFor(history)}
      query={allRows(query, serviceRows)}
      rowId={({ name }) => name}
      rowName={({ name }) => titleOf(name)}
      rowLink={({ name }) => linkOptions({ to: "/services/$service", params: { service: name } })}
      empty={<EmptyState title="No service is known" />}
    />
  );
}

function columnsFor(history: History | undefined): Column<ServiceRow>[] {
  return [
    { key: "service", title: "Service", render: ({ name }) => titleOf(name) },
    { key: "state", title: "State", render: (row) => <State row={row} /> },
    {
      key: "processes",
      title: "Processes",
      number: true,
      render: ({ found }) => <NumberCell value={found?.instances.length ?? 0} />,
    },
    {
      key: "version",
      title: "Version",
      render: ({ found }) => found?.versions.map((version) => <Version key={version} value={version} />) ?? "–",
    },
    {
      key: "rate",
      title: "Now",
      number: true,
      render: (row) => <Rate row={row} />,
      hint: "the average of the last minute",
    },
    {
      key: "hour",
      title: "Last hour",
      wideOnly: true,
      hint: "how the rate was",
      render: ({ name }) => <LastHour name={name} history={history} />,
    },
    {
      key: "p50",
      title: "p50",
      number: true,
      hint: "half take no longer",
      render: ({ found }) => formatLatency(found?.latency_ms.p50),
    },
    {
      key: "p99",
      title: "p99",
      number: true,
      hint: "99 of 100 take no longer",
      render: ({ found }) => formatLatency(found?.latency_ms.p99),
    },
    {
      key: "waiting",
      title: "Waiting",
      number: true,
      hint: "messages that it has not handled yet (its lag)",
      render: ({ waiting }) => (waiting === undefined ? "–" : <NumberCell value={waiting} />),
    },
  ];
}

/** How it fares, and why; when all is well, what it is there for. */
function State({ row: { name, state } }: { row: ServiceRow }) {
  const { why } = state;
  return (
    <>
      <StateWord state={state} />
      <Text size="xs" miw={180} maw={300} mt={2} {...(why === undefined && { c: "dimmed" })}>
        {why ?? SERVICES[name]?.does}
      </Text>
    </>
  );
}

function Rate({ row: { rate, what } }: { row: ServiceRow }) {
  if (rate === undefined) return "–";
  return (
    <span className="numbers" title={what}>
      {formatRate(rate)}
      <Text span size="xs" c="dimmed" display="block">
        {what}
      </Text>
    </span>
  );
}

function LastHour({ name, history }: { name: string; history: History | undefined }) {
  const count = mainCount(name);
  if (count === undefined || history === undefined || history.samples.length === 0) return null;
  const end = new Date(history.samples.at(-1)?.at ?? 0);
  return <Sparkline values={rowsOf(history, name, 60, end).map((row) => row[count])} />;
}
