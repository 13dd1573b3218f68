import { expect, test } from "vitest";
import type { Failing, FailingReceiver } from "../api/failing";
import { attentionLines } from "./attention";

const NOW = new Date("2026-11-24T12:00:00Z");

const receiver = (changes: Partial<FailingReceiver> = {}): FailingReceiver => ({
  client_id: "acme",
  type: "webhook",
  shown: "https://example.com/…1234",
  failing_since: "2026-11-24T11:00:00Z",
  failures: 3,
  last_failure_at: "2026-11-24T11:59:00Z",
  last_error: "HTTP 503",
  open_until: null,
  given_up: false,
  endpoint_ids: ["e1"],
  rule: { id: "r1", source: "payments", name: "Timeout" },
  ...changes,
});

const failing = (changes: Partial<Failing> = {}): Failing => ({
  at: NOW.toISOString(),
  parts: {},
  receivers: [],
  receivers_more: false,
  notifications_failed: { count: 0, more: false },
  waiting: { count: 0, more: false },
  dead_letters: 0,
  services_down: [],
  ...changes,
});

const linesOf = (changes: Partial<Failing>) => attentionLines(failing(changes), undefined, NOW);

test("nothing is said when nothing fails, or when it is not known", () => {
  expect(linesOf({})).toEqual([]);
  expect(linesOf({ dead_letters: null, services_down: null })).toEqual([]);
});

test("what stops everything comes first, then who is not reached, then what was lost", () => {
  const lines = linesOf({
    services_down: ["sender"],
    receivers: [receiver()],
    notifications_failed: { count: 1, more: false },
    dead_letters: 2,
  });
  expect(lines.map(({ word }) => word)).toEqual(["Down", "Failing", "Failed", "Put aside"]);
});

test("a receiver of one endpoint leads to it, one of several to the list that has them", () => {
  const [one] = linesOf({ receivers: [receiver()] });
  expect(one?.link).toEqual({ to: "/endpoints/$endpointId", params: { endpointId: "e1" } });
  const [several] = linesOf({ receivers: [receiver({ endpoint_ids: ["e1", "e2"] })] });
  expect(several?.link.search).toEqual({ client_id: "acme", type: "webhook", health: "failing" });
});

test("receivers that look alike are told apart by what they are for", () => {
  const [one] = linesOf({ receivers: [receiver()] });
  expect(one?.detail).toBe("For payments / Timeout: 3 attempts failed in 1 h; HTTP 503.");
  const [several] = linesOf({ receivers: [receiver({ endpoint_ids: ["e1", "e2", "e3"] })] });
  expect(several?.detail).toMatch(/^For payments \/ Timeout and 2 more rules: /);
});

test("endpoints that were given up are found among those that are off", () => {
  const [line] = linesOf({ receivers: [receiver({ given_up: true, endpoint_ids: ["e1", "e2"] })] });
  expect(line).toMatchObject({ word: "Given up", link: { search: { health: "disabled" } } });
});

test("a receiver is paused only until its time has come", () => {
  const lines = linesOf({
    receivers: [receiver({ open_until: "2026-11-24T12:00:10Z" }), receiver({ open_until: "2026-11-24T11:59:50Z" })],
  });
  expect(lines.map(({ word }) => word)).toEqual(["Paused", "Failing"]);
});

test("of many receivers a few are named, and the rest counted", () => {
  const many = Array.from({ length: 8 }, (_, place) => receiver({ endpoint_ids: [`e${place}`] }));
  expect(linesOf({ receivers: many }).at(-1)?.what).toBe("3 more receivers");
  expect(linesOf({ receivers: many, receivers_more: true }).at(-1)?.what).toBe("More than 3 receivers");
});
