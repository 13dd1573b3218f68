import { expect, test } from "vitest";
import { datedTime, duration, relativeTime } from "./time";
import { boundsOf, fromLocalInput, toLocalInput } from "./timeRange";

const now = new Date("2026-11-24T15:04:33.500Z");
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [0, "now"],
  [1, "now"],
  [5, "5 seconds ago"],
  [59, "59 seconds ago"],
  [119, "1 minute ago"],
  [7200, "2 hours ago"],
  [86_400 * 3, "3 days ago"],
  [-90, "in 1 minute"],
])("%d seconds before now is %s", (seconds, words) => {
  expect(relativeTime(before(seconds), now)).toBe(words);
});

test.each([
  [0.4, "0 ms"],
  [450, "450 ms"],
  [3210, "3.2 s"],
  [59_400, "59 s"],
  [125_000, "2 min 5 s"],
  [120_000, "2 min"],
  [3_840_000, "1 h 4 min"],
])("%d milliseconds are %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test("a moment says its year unless it is this one", () => {
  expect(datedTime(new Date(2026, 0, 2, 3, 4), now)).toBe("2 Jan, 03:04");
  expect(datedTime(new Date(2027, 10, 24, 16, 4), now)).toBe("24 Nov 2027, 16:04");
});

test("a span ends now, and begins at a whole minute, so that it stays the same for one", () => {
  expect(boundsOf({ last: "1h", from: "2020-01-01T00:00:00Z" }, now)).toEqual({ from: "2026-11-24T14:04:00.000Z" });
});

test("two moments are asked for as they are", () => {
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
  expect(boundsOf(range, now)).toEqual(range);
  expect(boundsOf({}, now)).toEqual({});
});

test("a moment goes into its field and comes back", () => {
  const at = "2026-11-24T15:04:00.000Z";
  expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect(fromLocalInput("")).toBeUndefined();
  expect(toLocalInput(undefined)).toBe("");
});
