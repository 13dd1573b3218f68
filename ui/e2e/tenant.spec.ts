import { makeClient, makeKey, makeRule, unique } from "./support/api";
import { expect, test } from "./support/test";

test("a client’s key shows that client’s UI, and nothing of others", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/rules\//);
  const [own, other] = [await makeClient("own"), await makeClient("other")];
  const mine = await makeRule(own, { source: unique("mine") });
  const theirs = await makeRule(other, { source: unique("theirs") });
  const page = await open("/", { key: await makeKey(`client:${own}`, "on call") });
  const menu = page.getByRole("navigation", { name: "Pages" });
  await expect(menu.getByRole("link")).toHaveText(["Overview", "Notifications", "Rules", "Endpoints", "Try an alert"]);
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();

  await menu.getByRole("link", { name: "Rules" }).click();
  await expect(page.getByRole("link", { name: new RegExp(mine.source) })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Rules" }).getByRole("row")).toHaveCount(2);
  await expect(page.getByText(mine.source)).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Client" })).toHaveCount(0);

  await page.goto(`/rules/${theirs.id}`);
  await expect(page.getByText("There is no such rule")).toBeVisible();
  for (const path of ["/clients", `/clients/${own}`, "/keys", "/services", "/generator", "/dead-letters"]) {
    await page.goto(path);
    await expect(page.getByText("Your key may not see this page")).toBeVisible();
  }
});

test("a key that sends alerts sees the integrations only", async ({ open }) => {
  const page = await open("/", { key: await makeKey("ingest", "prometheus") });
  await expect(page).toHaveURL("/integrations");
  await expect(page.getByRole("navigation", { name: "Pages" }).getByRole("link")).toHaveText(["Integrations"]);
});
