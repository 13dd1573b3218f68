import { expect, test } from "vitest";
import type { NotificationFigures } from "@/components/platform/queries";
import { hoursOf, seriesOf } from "./hours";

const figures = {
  notifications: 5,
  by_status: { SENT: 4, FAILED: 1 },
  by_severity: { CRITICAL: 5 },
  hours: [{ hour: "2026-11-24T23:00:00Z", by_status: { SENT: 4, FAILED: 1 }, by_severity: { CRITICAL: 5 } }],
} as unknown as NotificationFigures;

test("bars stand on what went well; what never came counts zero", () => {
  expect(seriesOf(figures, "status").map(({ value, total }) => [value, total])).toEqual([
    ["SENT", 4],
    ["RECEIVED", 0],
    ["NO_ENDPOINT", 0],
    ["PARTIAL", 0],
    ["FAILED", 1],
  ]);
  expect(seriesOf(figures, "severity").at(-1)).toMatchObject({ value: "CRITICAL", total: 5 });
});

test("each part leads to the notifications that it counts", () => {
  expect(seriesOf(figures, "status").at(-1)?.search).toEqual({ status: ["FAILED"] });
  expect(seriesOf(figures, "severity").at(-1)?.search).toEqual({ severity: ["CRITICAL"] });
});

test("an hour ends where the next one begins, also at midnight", () => {
  const [hour] = hoursOf(figures, "severity");
  expect(hour).toMatchObject({ to: "2026-11-25T00:00:00.000Z", counts: { CRITICAL: 5 } });
});
