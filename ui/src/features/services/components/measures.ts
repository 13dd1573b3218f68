/** What of a service's history is drawn, and in which words. */

import { CHART_COLORS } from "@/components/charts/colors";
import { formatNumber } from "@/components/numbers";
import { formatLatency, formatRate } from "@/components/platform/figures";
import { SERVICES } from "@/components/platform/services";
import type { Measure } from "./history";

export interface Line {
  measure: Measure;
  word: string;
  color: string;
}

export interface Graph {
  title: string;
  hint?: string | undefined;
  lines: Line[];
  format: (value: number) => string;
  /** What cannot be halved has no halves on its axis. */
  whole?: boolean;
}

export function graphsOf(service: string): Graph[] {
  const { reads, times } = SERVICES[service] ?? {};
  const rates = rateLines(service);
  const graphs: Graph[] = [];
  if (rates.length > 0) graphs.push({ title: "Rates", hint: "a second", lines: rates, format: formatRate });
  if (times !== undefined) {
    const lines: Line[] = [
      { measure: "p50", word: "p50", color: CHART_COLORS.low },
      { measure: "p99", word: "p99", color: CHART_COLORS.high },
    ];
    graphs.push({ title: "Time taken", hint: times, lines, format: formatLatency });
  }
  if (reads !== undefined) {
    const lines: Line[] = [{ measure: "waiting", word: "Waiting", color: CHART_COLORS.accent }];
    graphs.push({ title: "Messages waiting", hint: `in ${reads}`, lines, format: formatNumber, whole: true });
  }
  const processes: Line[] = [{ measure: "processes", word: "Processes", color: CHART_COLORS.quiet }];
  return [...graphs, { title: "Processes", lines: processes, format: formatNumber, whole: true }];
}

const UNKNOWN = { takes: "taken", gives: "given", refuses: "refused", fails: "errors" };

function rateLines(service: string): Line[] {
  const { takes, gives, refuses, fails } = SERVICES[service] ?? UNKNOWN;
  const lines: (Line | false)[] = [
    takes !== undefined && { measure: "consumed", word: capital(takes), color: CHART_COLORS.low },
    gives !== undefined && { measure: "produced", word: capital(gives), color: CHART_COLORS.good },
    refuses !== undefined && { measure: "refused", word: capital(refuses), color: CHART_COLORS.medium },
    fails !== undefined && { measure: "errors", word: capital(fails), color: CHART_COLORS.critical },
  ];
  return lines.filter((line) => line !== false);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
