import { Group, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, memo, Suspense, useMemo } from "react";
import { useNow } from "@/components/now";
import { Panel } from "@/components/Panel";
import { historyQuery } from "@/components/platform/queries";
import { QueryState } from "@/components/QueryState";
import { useUrlState } from "@/components/urlState";
import { servicesSearch } from "../search";
import { type Row, rowsOf } from "./history";
import { HistoryTable } from "./HistoryTable";
import { type Graph, graphsOf } from "./measures";
import styles from "./Services.module.css";

// Charts are heavy; the rest of the page does not wait for them.
const HistoryChart = lazy(async () => ({ default: (await import("./HistoryChart")).HistoryChart }));

const SPANS = [
  { value: "60", label: "1 hour" },
  { value: "1440", label: "24 hours" },
];
const SHOWS = [
  { value: "charts", label: "Charts" },
  { value: "table", label: "Table" },
];

/** How a service was in the last hour or day: its rates, times, and what waited for it. */
export function HistoryPanel({ service }: { service: string }) {
  const [search, change] = useUrlState(servicesSearch);
  const minutes = Number(search.minutes ?? 60);
  const query = useQuery(historyQuery(minutes));
  // The same ones while the page's other figures are renewed, or the charts are drawn again each time.
  const graphs = useMemo(() => graphsOf(service), [service]);
  const controls = (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="How far back"
        data={SPANS}
        value={search.minutes ?? "60"}
        onChange={(value) => change({ minutes: value === "1440" ? "1440" : undefined }, { replace: true })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Show as"
        data={SHOWS}
        value={search.show ?? "charts"}
        onChange={(value) => change({ show: value === "table" ? "table" : undefined }, { replace: true })}
      />
    </Group>
  );
  return (
    <Panel title="History" aside={controls}>
      <QueryState query={query} what="the history">
        {(history) => (
          <Shown
            graphs={graphs}
            table={search.show === "table"}
            minutes={minutes}
            history={history}
            service={service}
          />
        )}
      </QueryState>
    </Panel>
  );
}

interface ShownProps {
  graphs: readonly Graph[];
  table: boolean;
  minutes: number;
  history: Parameters<typeof rowsOf>[0];
  service: string;
}

function Shown({ graphs, table, minutes, history, service }: ShownProps) {
  const now = useNow();
  const step = history.step_seconds * 1000;
  // Drawn again with each step, not with each second.
  const end = Math.floor(now.getTime() / step) * step;
  const rows = useMemo(() => rowsOf(history, service, minutes, new Date(end)), [history, service, minutes, end]);
  if (history.samples.length === 0)
    return <Text c="dimmed">Nothing was measured yet. The first figures come within 10 seconds.</Text>;
  if (table) return <HistoryTable graphs={graphs} rows={rows} minutes={minutes} />;
  return (
    <div className={styles.charts}>
      {graphs.map((graph) => (
        <OneGraph key={graph.title} graph={graph} rows={rows} />
      ))}
    </div>
  );
}

const OneGraph = memo(function OneGraph({ graph, rows }: { graph: Graph; rows: readonly Row[] }) {
  return (
    <section aria-label={graph.title}>
      <Title order={3} size="sm">
        {graph.title}
        {graph.hint !== undefined && (
          <Text span size="sm" c="dimmed" fw={400}>
            {` ${graph.hint}`}
          </Text>
        )}
      </Title>
      <ul className={styles.legend} aria-label={`Lines of ${graph.title}`}>
        {graph.lines.length > 1 &&
          graph.lines.map(({ measure, word, color }) => (
            <li key={measure}>
              <span className={styles.swatch} style={{ background: color }} aria-hidden />
              {word}
            </li>
          ))}
      </ul>
      <Suspense fallback={<Skeleton h={190} />}>
        <HistoryChart graph={graph} rows={rows} />
      </Suspense>
    </section>
  );
});
