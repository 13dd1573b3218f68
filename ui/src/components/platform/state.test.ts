import { expect, test } from "vitest";
import { formatLatency, formatRate } from "./figures";
import type { ServiceFigures, TopicFigures } from "./queries";
import { stateOf } from "./state";

const service = (name: string, rates: Record<string, number>): ServiceFigures => ({
  service: name,
  instances: [],
  counters: {},
  rates: { consumed: 0, produced: 0, refused: 0, errors: 0, dead_letters: 0, ...rates },
  latency_ms: {},
  versions: [],
  rules_version: null,
});

const topic = (lag: number): TopicFigures => ({
  topic: "alerts.new",
  group: "evaluator-group",
  partitions: 1,
  written: lag,
  lag,
  dead_letters: 0,
});

const evaluator = (rates: Record<string, number>, lag: number) =>
  stateOf("evaluator", { services: [service("evaluator", rates)], topics: [topic(lag)] });

test("a service without a process is down when alerts need it, and else only off", () => {
  const nothing = { services: [], topics: [] };
  expect(stateOf("evaluator", nothing)).toMatchObject({ state: "down", tone: "critical" });
  expect(stateOf("alert-producer", nothing)).toMatchObject({ state: "off", tone: "quiet" });
});

test("without Redis nothing is said to be down", () => {
  expect(stateOf("evaluator", { services: null, topics: null }).state).toBe("unknown");
});

test("a service is behind when more waits than it handles in ten seconds", () => {
  expect(evaluator({ consumed: 50 }, 500).state).toBe("works");
  expect(evaluator({ consumed: 50 }, 501).state).toBe("behind");
  expect(evaluator({ consumed: 0 }, 501).state).toBe("stuck");
});

test("a few messages are a ripple, whatever the rate", () => {
  expect(evaluator({ consumed: 0 }, 100).state).toBe("works");
});

test("attempts that failed are said to be the receivers’ failing, not the platform’s", () => {
  const figures = { services: [service("sender", { refused: 0.5 })], topics: [] };
  expect(stateOf("sender", figures)).toMatchObject({
    state: "refused",
    word: "Some fail",
    why: "In the last minute: 30 attempts at receivers that failed.",
  });
});

test("alerts that are wrong are told from alerts that the broker did not take, which are worse", () => {
  const ingest = (rates: Record<string, number>) =>
    stateOf("ingest", { services: [service("ingest", rates)], topics: [] });
  expect(ingest({ refused: 0.05 })).toMatchObject({ state: "refused", word: "Refuses some", tone: "medium" });
  expect(ingest({ refused: 0.05, errors: 0.1 })).toMatchObject({
    state: "errors",
    word: "Broker away",
    tone: "high",
    why: "In the last minute: 6 alerts that the broker did not take.",
  });
});

test("what a service cannot handle is its own error", () => {
  expect(evaluator({ errors: 0.5 }, 0)).toMatchObject({
    word: "Errors",
    why: "In the last minute: 30 batches tried again.",
  });
});

test("rates and latencies keep a few digits that matter", () => {
  expect([12_345, 120.4, 1.26, 0.1, 0.001, 0, null].map(formatRate)).toEqual([
    "12.3K/s",
    "120/s",
    "1.3/s",
    "6/min",
    "1/min",
    "0/s",
    "–",
  ]);
  expect([0.42, 12.4, 3200, null].map(formatLatency)).toEqual(["0.4\u00a0ms", "12\u00a0ms", "3.2\u00a0s", "–"]);
});
