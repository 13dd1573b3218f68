import { makeClient, makeRule, unique, webhook } from "./support/api";
import { expect, test } from "./support/test";

test("who would be told, by which rules and why, and which rules miss by one field", async ({ open }) => {
  const clientId = await makeClient();
  const source = unique("checkout");
  // A word that is longer than the page is wide.
  const name = "SlowQuery".repeat(20);
  await makeRule(clientId, { severity: "HIGH", source, name: "*", endpoints: [webhook(unique("ok"))] });
  await makeRule(clientId, { severity: "CRITICAL", source, name });
  const page = await open("/try");
  await page.getByRole("combobox", { name: "Severity" }).click();
  await page.getByRole("option", { name: "High" }).click();
  await page.getByRole("textbox", { name: "Source" }).fill(source);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("combobox", { name: "Only this client" }).fill(clientId);
  await page.getByRole("option", { name: clientId }).click();
  await page.getByRole("button", { name: "See who would be told" }).click();

  await expect(page.getByText("1 client would be told, by 1 rule, over 1 endpoint")).toBeVisible();
  const told = page.getByRole("region", { name: `What ${clientId} is told by` });
  await expect(told.getByText("severity is High")).toBeVisible();
  await expect(told.getByText("any name *")).toBeVisible();
  const near = page.getByRole("region", { name: "1 rule misses by one field" });
  await expect(near).toContainText("severity has to be Critical, the alert has High");
  await expect(page).toHaveURL(/severity=HIGH/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), "it scrolls sideways").toBe(0);

  await near.getByRole("link", { name: "Make one that matches" }).click();
  await expect(page.getByRole("textbox", { name: "Source" })).toHaveValue(source);
});

test("a pasted Prometheus alert is read as ingest would read it", async ({ open }) => {
  const clientId = await makeClient();
  const name = unique("HighErrorRate");
  await makeRule(clientId, { severity: "CRITICAL", source: "checkout", name });
  const page = await open("/try");
  await page.getByText("Paste it", { exact: true }).click();
  const field = page.getByRole("textbox", { name: "Alert as JSON" });
  await field.fill("{");
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByText("This would be refused")).toBeVisible();
  await field.fill(JSON.stringify({ labels: { alertname: name, severity: "critical", job: "checkout" } }));
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByText("1 alert would be accepted:")).toBeVisible();
  await expect(page.getByRole("region", { name: `What ${clientId} is told by` })).toBeVisible();
});
