/** How one service was: a row for each step of time, empty where no sample was taken. */

import type { History } from "@/components/platform/queries";
import { SERVICES } from "@/components/platform/services";

export const MEASURES = ["consumed", "produced", "refused", "errors", "p50", "p99", "waiting", "processes"] as const;
export type Measure = (typeof MEASURES)[number];
export type Row = { at: number } & Record<Measure, number | null>;
type Sample = History["samples"][number];

/** Rows of the last minutes until `end`, on the steps' own times. */
export function rowsOf(history: History, service: string, minutes: number, end: Date): Row[] {
  const step = history.step_seconds * 1000;
  const samples = new Map(history.samples.map((sample) => [Date.parse(sample.at), sample]));
  const last = Math.max(Math.floor(end.getTime() / step) * step - step, ...samples.keys());
  const number = Math.round((minutes * 60_000) / step);
  return Array.from({ length: number }, (_, place) => {
    const at = last - (number - 1 - place) * step;
    return rowOf(at, samples.get(at), service);
  });
}

function rowOf(at: number, sample: Sample | undefined, service: string): Row {
  const found = sample?.services[service];
  const reads = SERVICES[service]?.reads;
  return {
    at,
    consumed: found?.rates.consumed ?? null,
    produced: found?.rates.produced ?? null,
    refused: found?.rates.refused ?? null,
    errors: found?.rates.errors ?? null,
    p50: found?.latency_ms.p50 ?? null,
    p99: found?.latency_ms.p99 ?? null,
    waiting: reads === undefined ? null : (sample?.topics?.[reads]?.lag ?? null),
    processes: sample === undefined ? null : (found?.instances ?? 0),
  };
}

/** Whether a value stands alone, which a line does not show: it needs a dot. */
export function standsAlone(rows: readonly Row[], place: number, measure: Measure): boolean {
  const known = (at: number): boolean => (rows[at]?.[measure] ?? null) !== null;
  return known(place) && !known(place - 1) && !known(place + 1);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const most = (values: readonly number[]): number => Math.max(...values);
const least = (values: readonly number[]): number => Math.min(...values);

/** How the values of a span become one: the worst of it, where an average would hide it. */
const TOGETHER: Readonly<Record<Measure, (values: readonly number[]) => number>> = {
  consumed: mean,
  produced: mean,
  refused: mean,
  errors: mean,
  p50: most,
  p99: most,
  waiting: most,
  processes: least,
};

/** Put rows together to spans of so many milliseconds, the latest first. */
export function spansOf(rows: readonly Row[], size: number): Row[] {
  const spans = new Map<number, Row[]>();
  for (const row of rows) {
    const at = Math.floor(row.at / size) * size;
    spans.set(at, [...(spans.get(at) ?? []), row]);
  }
  return [...spans].map(([at, within]) => ({ at, ...together(within) })).reverse();
}

function together(rows: readonly Row[]): Record<Measure, number | null> {
  const entries = MEASURES.map((measure) => {
    const values = rows.map((row) => row[measure]).filter((value) => value !== null);
    return [measure, values.length === 0 ? null : TOGETHER[measure](values)] as const;
  });
  return Object.fromEntries(entries) as Record<Measure, number | null>;
}
