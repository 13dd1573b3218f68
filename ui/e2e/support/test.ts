/** Playwright's test with pages that are logged in, and that must not write to the console. */

import { type BrowserContext, type BrowserContextOptions, expect, type Page, test as base } from "@playwright/test";
import { platform } from "./platform";

/** How long a deletion can be taken back; a test that has seen the Undo lets this time pass by the page's own clock. */
export const UNDO_MILLISECONDS = 8_000;

interface Opening extends BrowserContextOptions {
  /** Whose session it is; an administrator's unless said otherwise, and null for nobody's. */
  key?: string | null;
}

interface Fixtures {
  /** Addresses whose requests are meant to fail: the browser reports each to the console. */
  failing: RegExp[];
  /** Open a page in a browser of its own. */
  open: (path: string, opening?: Opening) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  failing: async ({}, use) => use([]),
  open: async ({ browser, failing }, use) => {
    const contexts: BrowserContext[] = [];
    const written: string[] = [];
    await use(async (path, { key = platform().adminKey, ...options } = {}) => {
      const context = await browser.newContext({ baseURL: platform().url, ...options });
      contexts.push(context);
      listen(context, written, failing);
      if (key !== null) await logIn(context, key);
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(written, "nothing is written to the console").toEqual([]);
  },
});

export { expect, type Page } from "@playwright/test";

async function logIn(context: BrowserContext, key: string): Promise<void> {
  const answer = await context.request.post("/api/v1/session", { data: { key } });
  expect(answer.status()).toBe(201);
}

function listen(context: BrowserContext, written: string[], failing: readonly RegExp[]): void {
  context.on("console", (message) => {
    const { url } = message.location();
    const meant = message.text().startsWith("Failed to load resource") && failing.some((each) => each.test(url));
    if (!meant) written.push(`${message.type()}: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => written.push(String(error.error())));
}
