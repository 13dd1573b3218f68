import { LineChart, type LineChartProps } from "@mantine/charts";
import "@mantine/charts/styles.css";
import type { ReactElement } from "react";
import { clockTime, shortTime } from "@/components/time";
import { type Measure, type Row, standsAlone } from "./history";
import type { Graph } from "./measures";

interface HistoryChartProps {
  graph: Graph;
  rows: readonly Row[];
}

const timeOf = (at: number): string => clockTime(new Date(at)).slice(0, 5);

/** Lines over time. Where nothing was measured, there is no line. */
export function HistoryChart({ graph: { title, lines, format, whole = false }, rows }: HistoryChartProps) {
  return (
    <LineChart
      h={190}
      data={rows as Row[]}
      dataKey="at"
      series={lines.map(({ measure, word, color }) => ({ name: measure, label: word, color }))}
      curveType="linear"
      connectNulls={false}
      strokeWidth={1.75}
      valueFormatter={format}
      xAxisProps={{ tickFormatter: timeOf, minTickGap: 40 }}
      yAxisProps={{ width: 64, allowDecimals: !whole, ...axisOf(rows, lines, whole) }}
      // Room for the upper half of the topmost figure, which moves onto the next one otherwise.
      lineChartProps={{ title, margin: { top: 8 } }}
      tooltipAnimationDuration={0}
      tooltipProps={{ labelFormatter: (at) => typeof at === "number" && shortTime(new Date(at)) }}
      lineProps={({ name, color }) => ({
        isAnimationActive: false,
        dot: dotsOf(rows, name as Measure, color ?? "currentColor"),
      })}
    />
  );
}

const FEW = 4;

/** Of a few whole things, the axis ends one above the most. */
function axisOf(rows: readonly Row[], lines: Graph["lines"], whole: boolean): LineChartProps["yAxisProps"] {
  const most = Math.max(0, ...rows.flatMap((row) => lines.map(({ measure }) => row[measure] ?? 0)));
  if (!whole || most > FEW) return { domain: [0, "auto"] };
  return { domain: [0, most + 1], tickCount: most + 2 };
}

interface DotPlace {
  cx?: number;
  cy?: number;
  index: number;
}

/** Dots only where a line shows nothing: most lines need none, and each is drawn for every point otherwise. */
function dotsOf(rows: readonly Row[], measure: Measure, color: string): false | ((place: DotPlace) => ReactElement) {
  const alone = rows.map((_, place) => standsAlone(rows, place, measure));
  if (!alone.includes(true)) return false;
  return ({ cx, cy, index }) =>
    alone[index] ? <circle key={index} cx={cx} cy={cy} r={2.5} fill={color} /> : <g key={index} />;
}
