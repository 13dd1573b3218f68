import { unique } from "./support/api";
import { platform } from "./support/platform";
import { expect, test } from "./support/test";

const statusWith = async (key: string): Promise<number> =>
  (await fetch(`${platform().url}/api/v1/clients`, { headers: { authorization: `Bearer ${key}` } })).status;

test("a key is made, shown once, works, and ends when it is revoked", async ({ open }) => {
  const name = unique("deploy");
  const page = await open("/keys");
  await page.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog", { name: "New API key" });
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByRole("radio", { name: "Everything" }).check();
  await form.getByRole("button", { name: "Make the key" }).click();
  const shown = page.getByRole("dialog", { name: "Your new key" });
  const key = (await shown.getByText(/^ak_/).textContent()) ?? "";
  expect(await statusWith(key)).toBe(200);
  await shown.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke …" }).click();
  await page.getByRole("dialog", { name: "Revoke this key?" }).getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("Revoked")).toBeVisible();
  // Other processes learn it within seconds.
  await expect.poll(() => statusWith(key)).toBe(401);
});
