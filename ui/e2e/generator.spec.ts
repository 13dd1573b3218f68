import { unique } from "./support/api";
import { pidOf } from "./support/processes";
import { expect, type Page, test } from "./support/test";

async function fillJob(page: Page, kind: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole("radiogroup", { name: "Kind of job" }).getByText(kind, { exact: true }).click();
  for (const [label, value] of Object.entries(fields)) await page.getByRole("textbox", { name: label }).fill(value);
}

test("a job runs to its end, and its options can be used again", async ({ open }) => {
  const page = await open("/generator");
  await fillJob(page, "At once", { "Number of alerts": "40", "Ids begin with": unique("gen") });
  await page.getByRole("button", { name: "Send 40 alerts" }).click();
  await expect(page.getByRole("heading", { name: "Burst of 40 alerts", level: 1 })).toBeVisible();
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  await expect(page.getByText("40 of 40 sent")).toBeVisible();
  await page.getByRole("link", { name: "Run again with these options" }).click();
  await expect(page.getByRole("textbox", { name: "Number of alerts" })).toHaveValue("40");
});

test("a job is stopped", async ({ open }) => {
  const page = await open("/generator");
  await fillJob(page, "For a time", { "Alerts a second": "2", "For how many seconds": "300" });
  await page.getByRole("button", { name: "Send 600 alerts" }).click();
  await expect(page.getByRole("heading", { name: "2 alerts a second for 5 min", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: /^Stop/ }).click();
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
});

test("more than 10,000 alerts are asked about first", async ({ open }) => {
  const page = await open("/generator");
  await fillJob(page, "At once", { "Number of alerts": "10001" });
  await page.getByRole("button", { name: "Send 10,001 alerts" }).click();
  const dialog = page.getByRole("dialog", { name: "Send 10,001 alerts?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/generator(\?|$)/);
});

test("a job whose process dies says so", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/(jobs|catalog)/);
  const page = await open("/generator");
  await fillJob(page, "For a time", { "Alerts a second": "1", "For how many seconds": "600" });
  await page.getByRole("button", { name: "Send 600 alerts" }).click();
  await expect(page.getByRole("heading", { name: "1 alert a second for 10 min", level: 1 })).toBeVisible();
  process.kill(pidOf("alert-producer"), "SIGKILL");
  await expect(page.getByRole("alert").filter({ hasText: "It failed" })).toBeVisible();
});
