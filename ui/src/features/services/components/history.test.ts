import { expect, test } from "vitest";
import type { History } from "@/components/platform/queries";
import { rowsOf, spansOf, standsAlone } from "./history";

const sample = (at: string, consumed: number, lag: number | null): History["samples"][number] => ({
  at,
  services: {
    evaluator: { instances: 2, rates: { consumed, produced: 1, errors: 0 }, latency_ms: { p50: null, p99: 20 } },
  },
  topics: lag === null ? null : { "alerts.new": { lag, dead_letters: 0, written: 9 } },
});

const history: History = {
  step_seconds: 60,
  samples: [
    sample("2026-11-24T12:00:00Z", 10, 5),
    { ...sample("2026-11-24T12:03:00Z", 30, null), services: {} },
    sample("2026-11-24T12:05:00Z", 30, 7),
  ],
};
const rows = rowsOf(history, "evaluator", 6, new Date("2026-11-24T12:05:30Z"));

test("a step without a sample is an empty row, not a line between its neighbours", () => {
  expect(rows.map(({ consumed }) => consumed)).toEqual([10, null, null, null, null, 30]);
  expect(rows.map(({ waiting }) => waiting)).toEqual([5, null, null, null, null, 7]);
});

test("a sample in which a service has no process says so", () => {
  expect(rows.map(({ processes }) => processes)).toEqual([2, null, null, 0, null, 2]);
});

test("the axis reaches as far back as was asked, and to now, however old the samples are", () => {
  const later = rowsOf(history, "evaluator", 60, new Date("2026-11-24T12:20:10Z"));
  expect(later).toHaveLength(60);
  expect(later.at(-1)?.at).toBe(Date.parse("2026-11-24T12:19:00Z"));
});

test("a value between two gaps stands alone", () => {
  expect(rows.map((_, place) => standsAlone(rows, place, "p99"))).toEqual([true, false, false, false, false, true]);
});

test("a span has the average rate, and the worst of the rest", () => {
  const [only] = spansOf(rows, 600_000);
  expect(only).toMatchObject({ consumed: 20, p50: null, p99: 20, waiting: 7, processes: 0 });
});
