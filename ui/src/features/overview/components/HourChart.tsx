import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { useNavigate } from "@tanstack/react-router";
import { shortTime } from "@/components/time";
import type { HourRow, Series } from "./hours";

interface HourChartProps {
  label: string;
  series: readonly Series[];
  hours: readonly HourRow[];
}

const hourOf = (at: string): string => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A bar for each hour; a part of it leads to its notifications. */
export function HourChart({ label, series, hours }: HourChartProps) {
  const navigate = useNavigate();
  const rows = hours.map(({ from, to, counts }) => ({ from, to, ...counts }));
  return (
    <BarChart
      h={170}
      data={rows}
      dataKey="from"
      type="stacked"
      series={series.map(({ value, word, color }) => ({ name: value, label: word, color }))}
      maxBarWidth={28}
      valueFormatter={(value) => value.toLocaleString("en")}
      xAxisProps={{ tickFormatter: hourOf, minTickGap: 24 }}
      yAxisProps={{ allowDecimals: false, width: 44, interval: 0 }}
      barChartProps={{ title: label, margin: { top: 8 }, style: { cursor: "pointer" } }}
      tooltipAnimationDuration={0}
      tooltipProps={{ labelFormatter: (from) => typeof from === "string" && `From ${shortTime(new Date(from))}` }}
      barProps={(each) => ({
        isAnimationActive: false,
        onClick: ({ payload }: { payload?: HourRow }) => {
          const search = series.find(({ value }) => value === each.name)?.search;
          if (payload)
            void navigate({ to: "/notifications", search: { ...search, from: payload.from, to: payload.to } });
        },
      })}
    />
  );
}
