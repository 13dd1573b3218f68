import {
  answer,
  askedSoFar,
  makeClient,
  makeRule,
  notificationsOf,
  rulesAreLive,
  sendAlerts,
  unique,
  webhook,
} from "./support/api";
import { expect, test } from "./support/test";

/** A client with one rule that tells one receiver. */
async function setUp(word: string): Promise<{ clientId: string; source: string; receiver: string }> {
  const clientId = await makeClient(word);
  const [source, receiver] = [unique(word), unique(word)];
  await makeRule(clientId, { source, description: `All of ${word}`, endpoints: [webhook(receiver)] });
  await rulesAreLive();
  return { clientId, source, receiver };
}

test("an alert shows up in the live tail, and its page tells what became of it", async ({ open }) => {
  const { clientId, source, receiver } = await setUp("live");
  await answer(receiver, 200, "thanks");
  const page = await open(`/notifications?client_id=${clientId}`);
  await expect(page.getByText("No notification is like this")).toBeVisible();

  await sendAlerts({ severity: "CRITICAL", source, name: "DiskFull", context: { host: "db-1" } });
  const table = page.getByRole("table", { name: "Notifications" });
  await expect(table.getByRole("row", { name: /DiskFull/ }).getByText("Sent", { exact: true })).toBeVisible();
  await table.getByRole("link", { name: /DiskFull/ }).click();

  await expect(page.getByRole("heading", { name: "DiskFull", level: 1 })).toBeVisible();
  const story = page.getByRole("list").filter({ hasText: "Matched and recorded" });
  for (const step of ["It happened", "Accepted", "Matched and recorded", "Delivered", "Finished"]) {
    await expect(story.getByText(step, { exact: true }).first()).toBeVisible();
  }
  await expect(story.getByRole("link", { name: "All of live" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Context of the alert" })).toContainText("db-1");
  await page
    .getByRole("list", { name: /^Attempts at/ })
    .getByText(/Delivered, the answer was 200/)
    .click();
  await expect(page.getByText("thanks")).toBeVisible();
});

test("a paused tail holds still, and shows what came when asked to", async ({ open }) => {
  const { clientId, source } = await setUp("still");
  await sendAlerts({ severity: "LOW", source, name: "First" });
  const page = await open(`/notifications?client_id=${clientId}`);
  await expect(page.getByRole("link", { name: /First/ })).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await sendAlerts({ severity: "LOW", source, name: "Second" });
  const show = page.getByRole("button", { name: "Show 1 new" });
  await expect(show).toBeVisible();
  await expect(page.getByRole("link", { name: /Second/ })).toHaveCount(0);
  await show.click();
  await expect(page.getByRole("link", { name: /Second/ })).toBeVisible();
});

test("a delivery that failed shows why, and arrives when it is sent again", async ({ open }) => {
  const { clientId, source, receiver } = await setUp("failing");
  await answer(receiver, 500, "the disk is full");
  await sendAlerts({ severity: "HIGH", source, name: "NodeDown" });
  const [failed] = await notificationsOf(clientId, 1, "FAILED");
  const page = await open(`/notifications/${failed?.id}`);
  const attempts = page.getByRole("list", { name: /^Attempts at/ }).getByRole("listitem");
  await expect(attempts).toHaveCount(2);
  await attempts.first().getByText(/500/).click();
  await expect(attempts.first()).toContainText("the disk is full");

  await answer(receiver, 200);
  await page.getByRole("button", { name: "Send again …" }).click();
  await page.getByRole("dialog", { name: "Send again" }).getByRole("button", { name: "Send again" }).click();
  await expect(page.getByText("1 delivery will be sent again.")).toBeVisible();
  await expect(page.getByText("Sent", { exact: true })).toBeVisible();
  expect(await askedSoFar(receiver)).toBe(3);
});

test("many are sent again by a filter, once their number is confirmed", async ({ open }) => {
  const { clientId, source, receiver } = await setUp("many");
  await answer(receiver, 503, "down for maintenance");
  await sendAlerts(...["A", "B", "C"].map((name) => ({ severity: "MEDIUM", source, name })));
  await notificationsOf(clientId, 3, "FAILED");
  await answer(receiver, 200);
  const page = await open(`/notifications?client_id=${clientId}`);
  await page.getByRole("button", { name: "Send many again …" }).click();
  const dialog = page.getByRole("dialog", { name: "Send many again" });
  await expect(dialog.getByText("The filter finds 3 notifications.")).toBeVisible();
  await dialog.getByRole("button", { name: "Send 3 notifications again" }).click();
  await expect(page.getByText("3 deliveries of 3 notifications will be sent again.")).toBeVisible();
  await notificationsOf(clientId, 3, "SENT");
  await expect(page.getByRole("table", { name: "Notifications" }).getByText("Sent", { exact: true })).toHaveCount(3);
});

test("filters are in the address", async ({ open }) => {
  const { clientId, source } = await setUp("filter");
  await sendAlerts({ severity: "LOW", source, name: "Quiet" }, { severity: "CRITICAL", source, name: "Loud" });
  await notificationsOf(clientId, 2, "SENT");
  const page = await open(`/notifications?client_id=${clientId}`);
  const links = page.getByRole("table", { name: "Notifications" }).getByRole("link");
  await expect(links).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search" }).fill("quie");
  await expect(links).toHaveCount(1);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.goto(`/notifications?client_id=${clientId}&severity=CRITICAL&status=SENT&last=1h`);
  await expect(links).toHaveCount(1);
  await expect(links).toContainText("Loud");
});
