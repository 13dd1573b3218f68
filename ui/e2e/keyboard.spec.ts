import { makeClient, makeRule } from "./support/api";
import { expect, test } from "./support/test";

test("the palette goes to pages and finds rules", async ({ open }) => {
  const { source, name } = await makeRule(await makeClient(), { name: "Palette" });
  const page = await open("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("textbox", { name: "Search everything" });
  await expect(field).toBeFocused();
  await field.fill("endp");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Endpoints", level: 1 })).toBeVisible();

  await page.keyboard.press("Control+k");
  await field.fill(source);
  await page.getByRole("button", { name: new RegExp(source) }).click();
  await expect(page.getByRole("heading", { name: `${source} / ${name}`, level: 1 })).toBeVisible();
});

test("the first stop of the Tab key leads past the menu", async ({ open }) => {
  const page = await open("/rules");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("j and k go through the rows, Enter opens one where Tab goes on, ? tells of it", async ({ open }) => {
  const clientId = await makeClient();
  for (const name of ["A", "B", "C"]) await makeRule(clientId, { source: "rows", name });
  const page = await open(`/rules?client_id=${clientId}&sort=name`);
  const links = page.getByRole("table", { name: "Rules" }).locator("[data-row-link]");
  await expect(links).toHaveCount(3);
  await page.keyboard.press("j");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "rows / B", level: 1 })).toBeVisible();
  // The row is gone, and with it the focus: it goes on within the page.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Back to Rules" })).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});
