import AxeBuilder from "@axe-core/playwright";
import { pagesOf } from "./support/pages";
import { settled } from "./support/settled";
import { tellStory } from "./support/story";
import { expect, type Page, test } from "./support/test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const PHONE = { width: 390, height: 844 };

const CONTRAST = "color-contrast";

async function violations(page: Page, what?: "contrast" | "all but contrast"): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  if (what === "contrast") builder.withRules(CONTRAST);
  else builder.withTags(STANDARDS);
  if (what === "all but contrast") builder.disableRules(CONTRAST);
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test("no page breaks WCAG 2.2 AA, light, dark or on a phone, where none scrolls sideways", async ({ open }) => {
  test.setTimeout(300_000);
  const pages = Object.entries(pagesOf(await tellStory()));
  const page = await open("/");
  const desk = page.viewportSize() ?? PHONE;
  for (const [name, path] of pages) {
    await page.setViewportSize(desk);
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(path);
    await settled(page);
    expect.soft(await violations(page), `${name}, light`).toEqual([]);
    // Dark is the same page in other colours; a phone has another page in the same colours.
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
    expect.soft(await violations(page, "contrast"), `${name}, dark`).toEqual([]);
    await page.setViewportSize(PHONE);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.soft.poll(width, `${name}, on a phone`).toBeLessThanOrEqual(PHONE.width);
    expect.soft(await violations(page, "all but contrast"), `${name}, on a phone`).toEqual([]);
  }
});

test("the login, a dialog, the palette and a form with faults break it neither", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/session$/);
  const login = await open("/login", { key: null });
  await expect(login.getByLabel("API key")).toBeVisible();
  expect(await violations(login)).toEqual([]);

  const page = await open("/keys");
  await page.getByRole("button", { name: "New key" }).click();
  await expect(page.getByRole("dialog", { name: "New API key" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.goto("/rules/new");
  await page.getByRole("button", { name: "Make the rule" }).click();
  await expect(page.locator("[aria-invalid=true]").first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search everything" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
