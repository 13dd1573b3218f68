import { expect, test } from "vitest";
import type { Job } from "../api/jobs";
import { alertsOf, EMPTY_JOB, requestOf, valuesOf } from "./values";

const JOB: Job = {
  id: "1",
  kind: "burst",
  status: "completed",
  created_by: "k",
  started_at: "2026-11-24T12:00:00Z",
  finished_at: null,
  total: 500,
  sent: 500,
  acknowledged: 500,
  duplicates: 0,
  rate: 1,
  error: null,
  seed: 7,
  id_prefix: "load-7",
  mix: {
    severities: { HIGH: 2 },
    sources: { api: 1 },
    skew: 0,
    unmatched: 0.07,
    duplicates: 0.29,
    context_keys: 1,
    context_value_bytes: 8,
  },
};

test("a job is made again with all its options but the ids of its alerts", () => {
  expect(requestOf(valuesOf(JOB))).toEqual({ kind: "burst", count: 500, mix: JOB.mix, seed: 7, id_prefix: null });
});

test("a single alert is sent again, with an id of its own", () => {
  const alert = { alert_id: "a", severity: "LOW", source: "api", name: "timeout", context: { region: "eu" } } as const;
  const again = requestOf(valuesOf({ ...JOB, kind: "one", alert, mix: null, seed: null }));
  expect(again).toEqual({ kind: "one", severity: "LOW", source: "api", name: "timeout", context: { region: "eu" } });
});

test("what is left empty is left to the platform", () => {
  expect(requestOf({ ...EMPTY_JOB, severities: { LOW: "", HIGH: 3 } })).toMatchObject({
    mix: { severities: { HIGH: 3 }, sources: {} },
    seed: null,
    id_prefix: null,
  });
});

test("the number of alerts is known before they are sent", () => {
  expect(alertsOf({ ...EMPTY_JOB, rps: 2.5, duration: 3 })).toBe(8);
  expect(alertsOf({ ...EMPTY_JOB, kind: "burst", count: "" })).toBeUndefined();
  expect(alertsOf({ ...EMPTY_JOB, kind: "one" })).toBe(1);
});
