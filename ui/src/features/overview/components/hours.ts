/** Notifications by hour, cut in one of two ways. */

import { CHART_COLORS } from "@/components/charts/colors";
import type { NotificationFigures } from "@/components/platform/queries";
import { SEVERITIES, SEVERITY_LOOKS, type SeverityName } from "@/components/Severity";
import { STATUS_LOOKS } from "@/components/StatusBadge";

export type Cut = "status" | "severity";

/** From the bottom of a bar to its top: what went well is the ground that the rest stands on. */
const STATUSES = ["SENT", "RECEIVED", "NO_ENDPOINT", "PARTIAL", "FAILED"] as const;
const SEVERITIES_UP = [...SEVERITIES].reverse();

export interface Series {
  /** As the API names it. */
  value: string;
  word: string;
  color: string;
  total: number;
  /** The notifications of this kind. */
  search: { status?: (typeof STATUSES)[number][]; severity?: Exclude<SeverityName, "*">[] };
}

export interface HourRow {
  /** When the hour begins and ends, as the API tells times. */
  from: string;
  to: string;
  counts: Readonly<Record<string, number>>;
}

export function seriesOf(figures: NotificationFigures, cut: Cut): Series[] {
  if (cut === "status") {
    return STATUSES.map((value) => {
      const { word, tone } = STATUS_LOOKS[value];
      const total = figures.by_status[value] ?? 0;
      return { value, word, color: CHART_COLORS[tone], total, search: { status: [value] } };
    });
  }
  return SEVERITIES_UP.map((value) => {
    const { word, tone } = SEVERITY_LOOKS[value];
    const total = figures.by_severity[value] ?? 0;
    return { value, word, color: CHART_COLORS[tone], total, search: { severity: [value] } };
  });
}

export function hoursOf(figures: NotificationFigures, cut: Cut): HourRow[] {
  return figures.hours.map((hour) => ({
    from: hour.hour,
    to: new Date(Date.parse(hour.hour) + 3_600_000).toISOString(),
    counts: cut === "status" ? hour.by_status : hour.by_severity,
  }));
}
