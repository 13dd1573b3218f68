import { call, makeClient, makeRule, type Rule, unique, webhook } from "./support/api";
import { platform } from "./support/platform";
import { expect, type Page, test, UNDO_MILLISECONDS } from "./support/test";

const RULES = /\/api\/v1\/rules(\?|$)/;

async function chooseClient(page: Page, clientId: string): Promise<void> {
  await page.getByRole("combobox", { name: "Client" }).fill(clientId);
  await page.getByRole("option", { name: clientId }).click();
}

test("a rule is made while what it overlaps with is shown, with a webhook whose secret is shown once", async ({
  open,
}) => {
  const clientId = await makeClient();
  const source = unique("billing");
  await makeRule(clientId, { source, name: "*" });
  const page = await open("/rules/new");
  await chooseClient(page, clientId);
  await page.getByRole("radiogroup", { name: "Severity" }).getByText("Critical").click();
  await page.getByRole("textbox", { name: "Source" }).fill(source);
  await page.getByRole("textbox", { name: "Name" }).fill("Timeout");
  await expect(page.getByText(`Critical alerts named “Timeout”, from “${source}”`)).toBeVisible();
  const wider = page.getByRole("region", { name: "Wider" });
  await expect(wider.getByRole("link", { name: new RegExp(source) })).toBeVisible();

  await page.getByRole("radiogroup", { name: "Send by" }).getByText("Webhook", { exact: true }).click();
  await page.getByRole("textbox", { name: "URL" }).fill(`${platform().receivers}/hook/${source}`);
  await page.getByRole("button", { name: "Make the rule" }).click();
  const secret = page.getByRole("dialog", { name: "The signing secret" });
  await expect(secret.getByText(/^whsec_/)).toBeVisible();
  await secret.getByRole("button", { name: "I have copied it" }).click();

  await expect(page.getByRole("heading", { name: `${source} / Timeout`, level: 1 })).toBeVisible();
  await expect(page.getByRole("table", { name: "Endpoints" }).getByRole("link")).toHaveCount(1);
  await expect(page.getByText("whsec_")).toHaveCount(0);
});

test("what is wrong with a rule is said at its field", async ({ open, failing }) => {
  failing.push(/\/rules$/);
  const clientId = await makeClient();
  const { source } = await makeRule(clientId, { severity: "HIGH", name: "Down" });
  const page = await open(`/rules/new?client_id=${clientId}&severity=HIGH&source=${source}`);
  await page.getByRole("button", { name: "Make the rule" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription(/\.$/);
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "E-mail address" })).toHaveAttribute("aria-invalid", "true");
});

test("a rule that is there already is named, and led to", async ({ open, failing }) => {
  failing.push(/\/rules$/);
  const clientId = await makeClient();
  const { id, source } = await makeRule(clientId, { severity: "HIGH", name: "Down" });
  const page = await open(`/rules/new?client_id=${clientId}&severity=HIGH&source=${source}&name=Down`);
  await page.getByRole("textbox", { name: "E-mail address" }).fill("oncall@example.com");
  await page.getByRole("button", { name: "Make the rule" }).click();
  const error = page.getByRole("alert").filter({ hasText: "exactly these alerts already" });
  await expect(error).not.toContainText(id);
  await error.getByRole("link", { name: `High alerts named “Down”, from “${source}”` }).click();
  await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: `${source} / Down`, level: 1 })).toBeVisible();
});

test("filters, sorting and pages are in the address, and the back button brings them back", async ({ open }) => {
  const clientId = await makeClient();
  const rules = Array.from({ length: 55 }, (_, number) => `host-${String(number).padStart(2, "0")}`);
  const down = rules.map((source) => ({ severity: "HIGH", source, name: "Down" }));
  await call("POST", `/clients/${clientId}/rules/batch`, down);
  const page = await open(`/rules?client_id=${clientId}&sort=source`);
  const table = page.getByRole("table", { name: "Rules" });
  await expect(table.getByRole("row").nth(1)).toContainText("host-00");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await expect(table.getByRole("row").nth(1)).toContainText("host-50");
  const second = page.url();
  await page.getByRole("searchbox", { name: "Search" }).fill("host-07");
  await expect(table.getByRole("row")).toHaveCount(2);
  await page.goBack();
  await expect(table.getByRole("row").nth(1)).toContainText("host-00");

  const other = await open(second);
  await expect(other.getByRole("table", { name: "Rules" }).getByRole("row").nth(1)).toContainText("host-50");
});

test("a rule is turned off, duplicated and deleted: undo keeps it, without undo it goes", async ({ open }) => {
  const clientId = await makeClient();
  const { id, source } = await makeRule(clientId, { name: "Down", endpoints: [webhook(unique("ok"))] });
  const title = `${source} / Down`;
  const page = await open(`/rules?client_id=${clientId}`);
  const row = page.getByRole("row", { name: new RegExp(source) });
  const choose = async (item: string): Promise<void> => {
    await page.getByRole("button", { name: `Actions for ${title}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Turn off");
  await expect(row.getByText("Off", { exact: true })).toBeVisible();
  await choose("Delete");
  await page.getByRole("button", { name: "Undo" }).click();
  await choose("Duplicate");
  await expect(page.getByText(`A copy of “${title}”`)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Source" })).toHaveValue(source);
  expect((await call<Rule>("GET", `/rules/${id}`)).id).toBe(id);

  await page.clock.install();
  await page.goto(`/rules?client_id=${clientId}`);
  await choose("Delete");
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.clock.fastForward(UNDO_MILLISECONDS);
  await expect(page.getByText("No rule is like that")).toBeVisible();
});

test("a deletion that waits is done when the page is left", async ({ open }) => {
  const clientId = await makeClient();
  const { id, source, name } = await makeRule(clientId);
  const page = await open(`/rules?client_id=${clientId}`);
  await page.getByRole("button", { name: `Actions for ${source} / ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => call("GET", `/rules/${id}`).then(String, (error: unknown) => String(error))).toContain("404");
});

test("several rules are turned off at once", async ({ open }) => {
  const clientId = await makeClient();
  for (const name of ["One", "Two", "Three"]) await makeRule(clientId, { name });
  const page = await open(`/rules?client_id=${clientId}`);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  const bar = page.getByRole("region", { name: "Selected rules" });
  await expect(bar.getByText("3 rules selected")).toBeVisible();
  await bar.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("table", { name: "Rules" }).getByText("Off", { exact: true })).toHaveCount(3);
});

test("two browsers edit one rule: the second sees both versions and chooses", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/rules\//);
  const clientId = await makeClient();
  const { id } = await makeRule(clientId, { source: "db", name: "Slow", severity: "LOW", description: "old" });
  const [first, second] = [await open(`/rules/${id}?tab=edit`), await open(`/rules/${id}?tab=edit`)];
  await second.getByRole("textbox", { name: "Description" }).fill("mine");
  await second.getByRole("textbox", { name: "Name" }).fill("VerySlow");

  await first.getByRole("textbox", { name: "Description" }).fill("theirs");
  await first.getByRole("radiogroup", { name: "Severity" }).getByText("High").click();
  await first.getByRole("button", { name: "Save" }).click();
  await expect(first.getByText("The rule is saved.")).toBeVisible();

  await second.getByRole("button", { name: "Save" }).click();
  const conflict = second.getByRole("dialog", { name: "Somebody else has changed this rule" });
  await conflict.getByRole("radio", { name: "Description: theirs, theirs" }).check();
  await conflict.getByRole("radio", { name: "Name: yours, VerySlow" }).check();
  await conflict.getByRole("button", { name: "Save these" }).click();
  await expect(second.getByText("The rule is saved.")).toBeVisible();
  expect(await call<Rule>("GET", `/rules/${id}`)).toMatchObject({
    severity: "HIGH",
    name: "VerySlow",
    description: "theirs",
  });
  await second.getByRole("tab", { name: "History" }).click();
  await expect(second.getByRole("tabpanel", { name: "History" }).getByText(/VerySlow/)).toBeVisible();
});

test("what is typed is not lost by leaving the form, unless one says so", async ({ open }) => {
  const clientId = await makeClient();
  const { id } = await makeRule(clientId, { severity: "HIGH", name: "Down" });
  const page = await open(`/rules/${id}?tab=edit`);
  const description = page.getByRole("textbox", { name: "Description" });
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await description.fill("Call the plumber");
  await page.getByRole("tab", { name: "History" }).click();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const leaving = await asked;
  expect(leaving.type()).toBe("beforeunload");
  await leaving.dismiss();
  await expect(description).toHaveValue("Call the plumber");

  await page.getByRole("link", { name: "Clients", exact: true }).click();
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: "Clients", level: 1 })).toBeVisible();
  expect((await call<Rule>("GET", `/rules/${id}`)).description).not.toBe("Call the plumber");
});

test("a rule that is not there, and a service that does not answer, are said", async ({ open, failing }) => {
  failing.push(/\/api\/v1\/rules/);
  const page = await open("/rules/none");
  await expect(page.getByText("There is no such rule")).toBeVisible();
  await page.route(RULES, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ title: "Unavailable", status: 503, detail: "PostgreSQL does not answer" }),
    }),
  );
  await page.getByRole("link", { name: "Back to Rules" }).click();
  await expect(page.getByRole("alert")).toContainText("PostgreSQL does not answer");
  await page.unroute(RULES);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: "Rules" })).toBeVisible();
});
