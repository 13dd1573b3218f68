import { answer, call, makeClient, makeRule, type Rule, unique, webhook } from "./support/api";
import { platform } from "./support/platform";
import { expect, test } from "./support/test";

async function makeEndpoint(receiver: string): Promise<{ id: string; rule: Rule }> {
  const rule = await makeRule(await makeClient());
  const { id } = await call<{ id: string }>("POST", `/rules/${rule.id}/endpoints`, webhook(receiver));
  return { id, rule };
}

test("an endpoint is added; its test shows the receiver’s real answer", async ({ open }) => {
  const receiver = unique("shop");
  await answer(receiver, 200, '{"ticket": "OPS-17"}');
  const rule = await makeRule(await makeClient());
  const page = await open(`/rules/${rule.id}`);
  await page.getByRole("button", { name: "Add an endpoint" }).click();
  const form = page.getByRole("dialog", { name: "Add an endpoint" });
  await form.getByRole("radiogroup", { name: "Send by" }).getByText("Webhook", { exact: true }).click();
  await form.getByRole("textbox", { name: "URL" }).fill(`${platform().receivers}/hook/${receiver}`);
  await form.getByRole("button", { name: "Add" }).click();
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("table", { name: "Endpoints" }).getByRole("link").first().click();

  await page.getByRole("button", { name: "Send a test" }).click();
  const result = page.getByRole("status").filter({ hasText: "Took" });
  await expect(result).toContainText("Delivered");
  await expect(result).toContainText("200");
  await expect(result).toContainText("OPS-17");
});

test("a test that fails shows the status and the text, and the endpoint’s state", async ({ open }) => {
  const receiver = unique("broken");
  await answer(receiver, 500, "the disk is full");
  const { id } = await makeEndpoint(receiver);
  const page = await open(`/endpoints/${id}`);
  await page.getByRole("button", { name: "Send a test" }).click();
  const result = page.getByRole("status").filter({ hasText: "Took" });
  await expect(result).toContainText("Failed");
  await expect(result).toContainText("500");
  await expect(result).toContainText("the disk is full");
  await page.reload();
  await expect(page.getByText("Failing", { exact: true }).first()).toBeVisible();
});

test("a test of a receiver that hangs says that it did not answer in time", async ({ open }) => {
  const receiver = unique("hanging");
  await answer(receiver, 0);
  const { id } = await makeEndpoint(receiver);
  const page = await open(`/endpoints/${id}`);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("Waiting for the receiver’s answer, 15 s at most …")).toBeVisible();
  const result = page.getByRole("status").filter({ hasText: "Took" });
  await expect(result).toContainText("Failed");
  await expect(result).toContainText("None");
  await expect(result).toContainText("no answer in time");
});

test("an address is checked for its type, at its field", async ({ open, failing }) => {
  failing.push(/\/endpoints$/);
  const rule = await makeRule(await makeClient());
  const page = await open(`/rules/${rule.id}`);
  await page.getByRole("button", { name: "Add an endpoint" }).click();
  const form = page.getByRole("dialog", { name: "Add an endpoint" });
  await form.getByRole("textbox", { name: "E-mail address" }).fill("nobody");
  await form.getByRole("button", { name: "Add" }).click();
  await expect(form.getByRole("textbox", { name: "E-mail address" })).toHaveAttribute("aria-invalid", "true");
  await form.getByRole("radiogroup", { name: "Send by" }).getByText("Webhook", { exact: true }).click();
  await form.getByRole("textbox", { name: "URL" }).fill("ftp://example.com");
  await form.getByRole("button", { name: "Add" }).click();
  await expect(form.getByRole("textbox", { name: "URL" })).toHaveAttribute("aria-invalid", "true");
});

test("a new secret is shown once, and no list has one", async ({ open }) => {
  const receiver = unique("secretive");
  const { id } = await makeEndpoint(receiver);
  const page = await open(`/endpoints/${id}`);
  await page.getByRole("button", { name: "New secret" }).click();
  await page
    .getByRole("dialog", { name: "Make a new signing secret" })
    .getByRole("button", { name: /secret/ })
    .click();
  const shown = page.getByRole("dialog", { name: "The new signing secret" });
  await expect(shown.getByText(/^whsec_/)).toBeVisible();
  await shown.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText(/whsec_/)).toHaveCount(0);

  await page.goto("/endpoints");
  await expect(page.getByRole("table", { name: "Endpoints" })).toBeVisible();
  await expect(page.getByText(receiver)).toHaveCount(0);
});

test("an endpoint is turned off, and deleted with undo", async ({ open }) => {
  const { id, rule } = await makeEndpoint(unique("quiet"));
  const page = await open(`/endpoints/${id}`);
  await page.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test" })).toBeDisabled();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: `${rule.source} / ${rule.name}`, level: 1 })).toBeVisible();
  await expect(page.getByRole("table", { name: "Endpoints" }).getByText("Off", { exact: true })).toBeVisible();
});
