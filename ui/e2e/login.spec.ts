import { platform } from "./support/platform";
import { expect, test } from "./support/test";

test("an API key opens the page that was asked for; a wrong one is refused", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/session$/);
  const page = await open("/rules?severity=HIGH", { key: null });
  await expect(page).toHaveURL(/\/login\?next=/);
  const key = page.getByLabel("API key");
  await expect(key).toBeFocused();

  await key.fill("ak_wrong");
  await page.keyboard.press("Enter");
  await expect(page.getByText("This is not a valid API key.")).toBeVisible();

  await key.fill(platform().adminKey);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL("/rules?severity=HIGH");
  await expect(page.getByRole("heading", { name: "Rules", level: 1 })).toBeVisible();
});

test("only an address of this site is led to after logging in", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/session$/);
  const page = await open("/login?next=https://elsewhere.example/", { key: null });
  await page.getByLabel("API key").fill(platform().adminKey);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(platform().url);
});

test("logging out ends the session, and the back button shows nothing", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/session$/);
  const page = await open("/clients");
  await page.getByRole("button", { name: /^Your key/ }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page.getByRole("heading", { name: "Log in to alerting" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Log in to alerting" })).toBeVisible();
});

test("a session that ends leads to the login, and back to the page", async ({ open, failing }) => {
  failing.push(/\/api\/v1\//);
  const page = await open("/endpoints?type=webhook");
  await expect(page.getByRole("heading", { name: "Endpoints", level: 1 })).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Rules", exact: true }).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await page.getByLabel("API key").fill(platform().adminKey);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Rules", level: 1 })).toBeVisible();
});
