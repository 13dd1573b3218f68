import { describe, expect, it } from "vitest";
import type { MatchedEndpoint, RuleMatch } from "../api/matchAlert";
import { byClient, nearHint, toldAtOnce, totalsOf } from "./outcome";

const endpoint = (id: string, more: Partial<MatchedEndpoint> = {}): MatchedEndpoint => ({
  id,
  type: "webhook",
  shown: "https://example.com/…",
  enabled: true,
  fallback: false,
  health_status: "ok",
  ...more,
});

const match = (client: string, ...endpoints: MatchedEndpoint[]): RuleMatch => ({
  rule_id: client,
  client_id: client,
  severity: "*",
  source: "s",
  name: "n",
  description: "",
  exact: ["source", "name"],
  wildcard: ["severity"],
  endpoints,
});

const ids = (endpoints: readonly MatchedEndpoint[]): string[] => endpoints.map(({ id }) => id);

describe("toldAtOnce", () => {
  it("leaves out what is off, and the fallback", () => {
    const endpoints = [endpoint("a"), endpoint("b", { enabled: false }), endpoint("c", { fallback: true })];
    expect(ids(toldAtOnce({ endpoints }))).toEqual(["a"]);
  });

  it("tells the fallback when the others are off", () => {
    const endpoints = [endpoint("b", { enabled: false }), endpoint("c", { fallback: true })];
    expect(ids(toldAtOnce({ endpoints }))).toEqual(["c"]);
  });
});

describe("totalsOf", () => {
  it("counts who is told, and what is wrong", () => {
    const matches = [
      match("acme", endpoint("a"), endpoint("b", { health_status: "open" })),
      match("acme", endpoint("c", { enabled: false })),
      match("globex"),
    ];
    expect(totalsOf(matches)).toEqual({ rules: 3, clients: 1, told: 2, failing: 1, off: 1, silent: 2 });
  });
});

it("puts the rules of a client together, in their order", () => {
  const found = byClient([match("b"), match("a"), match("b")]);
  expect(found.map(({ clientId, rules }) => [clientId, rules.length])).toEqual([
    ["b", 2],
    ["a", 1],
  ]);
});

it("points at differences that are easily overlooked", () => {
  expect(nearHint("Prometheus", "prometheus")).toMatch(/case/);
  expect(nearHint("disk-full", "disk full")).toMatch(/hyphens/);
  expect(nearHint("disk-full", "cpu-high")).toBeUndefined();
});
