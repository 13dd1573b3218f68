import { unique } from "./support/api";
import { platform } from "./support/platform";
import { expect, test } from "./support/test";

test("a source is connected with its own key; its first event arrives, and what was refused is said", async ({
  open,
}) => {
  const name = unique("prom");
  const page = await open("/integrations");
  await page
    .getByRole("list", { name: "Sources to connect" })
    .getByRole("link", { name: /^Prometheus/ })
    .click();
  await page.getByRole("textbox", { name: "Name of the integration" }).fill(name);
  await expect(page.getByText("Waiting for the first event")).toBeVisible();
  await page.getByRole("button", { name: "Make a key for it" }).click();
  const key = (await page.getByText(/^ak_/).first().textContent()) ?? "";
  await expect(page.getByRole("listitem").getByText(key).first()).toBeVisible();

  const send = (alerts: unknown): Promise<Response> =>
    fetch(`${platform().ingest}/integrations/${name}/api/v2/alerts`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
  await send([{ labels: { alertname: "HighLatency", severity: "critical", job: "checkout" } }]);
  await expect(page.getByText("It is connected")).toBeVisible();
  await expect(page.getByText(/HighLatency/)).toBeVisible();

  await send([{ labels: { severity: "critical" } }]);
  await expect(page.getByRole("list", { name: "Refused alerts" }).getByRole("listitem")).toHaveCount(1);
  await page.goto("/integrations");
  await page.getByRole("table", { name: "Integrations" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});
