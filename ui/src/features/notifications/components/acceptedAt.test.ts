import { describe, expect, it } from "vitest";
import { acceptedAt } from "./acceptedAt";

const MOMENT = Date.parse("2026-11-24T15:28:26.115Z");
const idOf = (milliseconds: number, version = "7"): string => {
  const hex = milliseconds.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${version}061-a071-07545941141f`;
};

describe("acceptedAt", () => {
  it("reads the time of an id that ingest made", () => {
    expect(acceptedAt(idOf(MOMENT), "2026-11-24T15:28:26.271115Z")).toBe("2026-11-24T15:28:26.115Z");
  });

  it.each([
    ["an id of the sender's own", "disk-full-17"],
    ["a UUID without a time", idOf(MOMENT, "4")],
    ["a time after the record", idOf(MOMENT + 60_000)],
    ["a time long before it", idOf(MOMENT - 3 * 86_400_000)],
  ])("says nothing of %s", (_, alertId) => {
    expect(acceptedAt(alertId, "2026-11-24T15:28:26.271115Z")).toBeUndefined();
  });
});
