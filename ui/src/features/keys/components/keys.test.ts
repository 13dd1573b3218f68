import { expect, test } from "vitest";
import { expiryOf } from "./expiry";
import { stateOf } from "./keyState";

const NOW = new Date("2026-11-24T12:00:00Z");

test("a key that was revoked stays so, whenever it would have expired", () => {
  expect(stateOf({ revoked_at: "2026-11-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" }, NOW)).toBe("revoked");
  expect(stateOf({ revoked_at: null, expires_at: NOW.toISOString() }, NOW)).toBe("expired");
  expect(stateOf({ revoked_at: null, expires_at: null }, NOW)).toBe("valid");
});

test("an expiry is so many days from now, a moment, or never", () => {
  expect(expiryOf("7", "", NOW)).toBe("2026-12-01T12:00:00.000Z");
  expect(expiryOf("never", "", NOW)).toBeNull();
  expect(expiryOf("moment", "2026-12-24T18:00:00Z", NOW)).toBe("2026-12-24T18:00:00.000Z");
});

test("a moment that is none is not sent", () => {
  expect(expiryOf("moment", "", NOW)).toBeUndefined();
});
