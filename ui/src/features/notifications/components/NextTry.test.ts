import { expect, it } from "vitest";
import { reason } from "./NextTry";

const NOW = new Date("2026-11-24T15:00:00Z");
const WORKS = { enabled: true, disabledReason: null, status: "ok", open_until: null };

it("says what holds deliveries back", () => {
  expect(reason(WORKS, NOW)).toBeUndefined();
  expect(reason({ ...WORKS, enabled: false }, NOW)).toMatch(/is off/);
  expect(reason({ ...WORKS, enabled: false, disabledReason: "the receiver answered 410 Gone" }, NOW)).toMatch(
    /by the platform: The receiver answered 410 Gone\./,
  );
  expect(reason({ ...WORKS, status: "open", open_until: "2026-11-24T15:05:00Z" }, NOW)).toMatch(/left alone until/);
  expect(reason({ ...WORKS, status: "open", open_until: "2026-11-24T14:59:00Z" }, NOW)).toMatch(/about to be asked/);
});
