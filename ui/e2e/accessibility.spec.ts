import AxeBuilder from "@axe-core/playwright";
import { pagesOf } from "./support/pages";
import { settled } from "./support/settled";
import { tellStory } from "./support/story";
import { expect, type Page, test } from "./support/test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const PHONE = { width: 390, height: 844 };

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page breaks WCAG 2.2 AA, ${colorScheme}`, async ({ open }) => {
    const pages = Object.entries(pagesOf(await tellStory()));
    const page = await open("/", { colorScheme });
    for (const [name, path] of pages) {
      await page.goto(path);
      await settled(page);
      expect.soft(await violations(page), name).toEqual([]);
    }
  });
}

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

test("no page scrolls sideways on a phone, and none breaks it there", async ({ open }) => {
  const pages = Object.entries(pagesOf(await tellStory()));
  const page = await open("/", { viewport: PHONE, hasTouch: true, isMobile: true });
  for (const [name, path] of pages) {
    await page.goto(path);
    await settled(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, name).toBeLessThanOrEqual(PHONE.width);
    expect.soft(await violations(page), name).toEqual([]);
  }
});
