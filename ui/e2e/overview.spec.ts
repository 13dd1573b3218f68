import {
  answer,
  call,
  makeClient,
  makeRule,
  notificationsOf,
  rulesAreLive,
  sendAlerts,
  unique,
  webhook,
} from "./support/api";
import { platform } from "./support/platform";
import { pidOf } from "./support/processes";
import { expect, test } from "./support/test";

test("what fails now leads to its list; the drawing leads to the services", async ({ open }) => {
  const clientId = await makeClient("overview");
  const [source, receiver] = [unique("overview"), unique("overview")];
  await answer(receiver, 500, "no");
  await makeRule(clientId, { source, endpoints: [webhook(receiver)] });
  await rulesAreLive();
  await sendAlerts({ severity: "HIGH", source, name: "Broken" });
  await notificationsOf(clientId, 1, "FAILED");

  const page = await open("/");
  const failing = page.getByRole("list", { name: "What fails now" });
  await failing.getByRole("link", { name: /notifications?/ }).click();
  await expect(page).toHaveURL(/\/notifications\?.*FAILED/);
  await expect(page.getByRole("link", { name: /Broken/ }).first()).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "Evaluator", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Evaluator", level: 1 })).toBeVisible();
  await expect(page.getByRole("table", { name: "Processes" }).getByRole("row")).toHaveCount(2);
});

test("every service is shown with its processes and its version", async ({ open }) => {
  const { items } = await call<{ items: readonly { service: string }[] }>("GET", "/metrics/services");
  const page = await open("/services");
  const services = page.getByRole("table", { name: "Services" });
  await expect(services.getByRole("row")).toHaveCount(items.length + 1);
  await expect(page.getByRole("table", { name: "Processes" }).getByRole("row")).toHaveCount(items.length + 1);
  await services.getByRole("link", { name: "Sender" }).click();
  await expect(page.getByRole("heading", { name: "Sender", level: 1 })).toBeVisible();
});

test("when metrics dies, its figures stay with the cause, and are renewed when it is back", async ({
  open,
  failing,
}) => {
  failing.push(/\/api\/v1\/metrics\//);
  const page = await open("/services");
  await expect(page.getByRole("table", { name: "Services" })).toBeVisible();
  const pid = pidOf("metrics");
  // Whoever would start it again at once has to wait.
  process.kill(platform().pid, "SIGSTOP");
  try {
    process.kill(pid, "SIGKILL");
    await expect(page.getByText(/What you see is from/).first()).toContainText(/metrics/i);
    await expect(page.getByRole("table", { name: "Services" })).toBeVisible();
  } finally {
    process.kill(platform().pid, "SIGCONT");
  }
  await expect(page.getByText(/What you see is from/)).toHaveCount(0);
  expect(pidOf("metrics")).not.toBe(pid);
});

test("a connection that is cut is said on the page", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/metrics\//);
  const page = await open("/rules");
  await page.route("**/api/v1/metrics/**", (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: "Services", exact: true }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
});
