import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { json, problem, renderPage, serve } from "@/test/render";
import type { Notification } from "../api/filter";
import { NotificationsPage } from "./NotificationsPage";
import { momentAfter } from "../components/useTail";

const notification = (name: string, createdAt: string): Notification => ({
  id: name,
  client_id: "acme",
  alert_id: name,
  severity: "HIGH",
  source: "prometheus",
  name,
  event_at: createdAt,
  rule_ids: [],
  rules_version: 1,
  status: "SENT",
  created_at: createdAt,
  finished_at: createdAt,
  next_attempt_at: null,
  last_error: null,
  deliveries: { DELIVERED: 1, FAILED: 0, PENDING: 0, EXPIRED: 0 },
});

const page = (...items: Notification[]) => ({ items, next_cursor: null, looked_back_to: null });
const OLD = notification("DiskFull", "2026-11-24T15:00:00.271115Z");
const AFTER_OLD = "2026-11-24T15:00:00.272Z";
const NEW = notification("NodeDown", "2026-11-24T15:00:05Z");

it("holds up to the millisecond after the newest", () => {
  expect(momentAfter(page(OLD))).toBe(AFTER_OLD);
  expect(momentAfter(page())).toBeUndefined();
});

it("holds the rows still when paused, counts what is new, and shows it when asked to", async () => {
  let latest = page(OLD);
  const calls = serve({
    "GET /api/v1/clients": json({ items: [], next_cursor: null }),
    "GET /api/v1/notifications": (call) =>
      json(call.url.searchParams.get("to") === AFTER_OLD ? page(OLD) : latest)(call),
    "GET /api/v1/notifications/count": json({ count: 1, more: false }),
  });
  const user = userEvent.setup();
  await renderPage(<NotificationsPage />, { url: "/notifications" });
  await screen.findByText("DiskFull");

  await user.click(screen.getByText("Pause"));
  // Only now: a slow machine may ask once more before the click.
  latest = page(NEW, OLD);
  const show = await screen.findByText("Show 1 new");
  expect(screen.queryByText("NodeDown")).toBeNull();
  const count = calls.find(({ url }) => url.pathname.endsWith("/count"));
  expect(count?.url.searchParams.get("from")).toBe(AFTER_OLD);

  await user.click(show);
  await screen.findByText("NodeDown");
});

it("asks again when the number changed before many are sent", async () => {
  const counts = [3, 4];
  const expected: unknown[] = [];
  serve({
    "GET /api/v1/clients": json({ items: [], next_cursor: null }),
    "GET /api/v1/notifications": json(page(OLD)),
    "GET /api/v1/notifications/count": (call) => json({ count: counts.shift(), more: false })(call),
    "POST /api/v1/notifications/resend": (call) => {
      expected.push((call.body as { expected: number }).expected);
      return expected.length === 1
        ? problem(409, "the filter finds 4 notifications")(call)
        : json({ notifications: 4, deliveries: 5, held_back: 0, held_back_until: null }, 202)(call);
    },
  });
  const user = userEvent.setup();
  await renderPage(<NotificationsPage />, { url: "/notifications" });
  await user.click(await screen.findByText(/Send many again/));
  await user.click(await screen.findByText("Send 3 notifications again"));

  await screen.findByText(/nothing was sent/);
  await user.click(await screen.findByText("Send 4 notifications again"));
  await screen.findByText("5 deliveries of 4 notifications will be sent again.");
  expect(expected).toEqual([3, 4]);
});
