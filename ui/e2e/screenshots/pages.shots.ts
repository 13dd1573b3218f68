/** docs/images: every page in light and dark, and on a phone those that whoever is on call looks at. */

import { mkdir, writeFile } from "node:fs/promises";
import { call, rulesAreLive } from "../support/api";
import { pagesOf } from "../support/pages";
import { writeNotifications, writeSamples } from "../support/programs";
import { ROOT } from "../support/root";
import { settled } from "../support/settled";
import { tellStory } from "../support/story";
import { expect, type Page, test } from "../support/test";
import { compressed } from "./compressed";

const IMAGES = `${ROOT}/docs/images`;

const ON_A_PHONE = ["overview", "notifications", "notification"];
/** Those that are looked at while alerts flow. */
const LIVE = ["overview", "services", "service"];
const SCHEMES = ["light", "dark"] as const;

test.setTimeout(600_000);

test("every page", async ({ open }) => {
  await mkdir(IMAGES, { recursive: true });
  const story = await tellStory();
  await rulesAreLive();
  await writeNotifications();
  const pages = Object.entries(pagesOf(story));
  const login = await open("/login", { key: null });
  await shoot(login, "login", "");
  const page = await open("/");
  const phone = await open("/", {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  for (const live of [false, true]) {
    if (live) await letFlow();
    for (const [name, path] of pages.filter(([name]) => LIVE.includes(name) === live)) {
      await shoot(page, name, path);
      if (ON_A_PHONE.includes(name)) await shoot(phone, `${name}-phone`, path);
    }
  }
});

async function shoot(page: Page, name: string, path: string): Promise<void> {
  if (path !== "") await page.goto(path);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const png = await page.screenshot({ animations: "disabled" });
    await writeFile(`${IMAGES}/${name}-${colorScheme}.png`, compressed(png));
  }
}

/** How many alerts a second went through in the last minute. */
async function evaluated(): Promise<number> {
  const { items } = await call<Figures>("GET", "/metrics/services");
  return items.find(({ service }) => service === "evaluator")?.rates.consumed ?? 0;
}

interface Figures {
  items: readonly { service: string; rates: Readonly<Record<string, number>> }[];
}

/** Let alerts come for as long as the pictures take, and wait until the figures show it. */
async function letFlow(): Promise<void> {
  await call("POST", "/jobs", { kind: "continuous", rps: 6, duration: 600, seed: 7 });
  await expect.poll(evaluated, { timeout: 120_000 }).toBeGreaterThan(4);
  await writeSamples();
}
