import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium";

/** Real Chromium against the real platform, which is started once: `make ui-e2e`, `make ui-screenshots`. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../build/e2e",
  globalSetup: "./support/globalSetup.ts",
  // One platform, one database, two cores: the tests take turns.
  workers: 1,
  // What fails once is broken.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Generous, for a machine that does something else as well: a test waits for what it wants to see, and no longer.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    launchOptions: { executablePath: chromium() },
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "e2e", testMatch: "*.spec.ts" },
    { name: "screenshots", testMatch: "screenshots/*.shots.ts" },
  ],
});
