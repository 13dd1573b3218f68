import { unique } from "./support/api";
import { writeGarbage } from "./support/garbage";
import { expect, test } from "./support/test";

test("a message that cannot be read is put aside: inspected, replayed, dropped", async ({ open }) => {
  const key = unique("garbage");
  await writeGarbage("alerts.new", key, "this is no alert", "nor is this");
  const page = await open("/dead-letters");
  const letters = page.getByRole("table", { name: "Dead letters" }).getByRole("link", { name: new RegExp(key) });
  await expect(letters).toHaveCount(2);

  await letters.first().click();
  await expect(page.getByText("this is no alert").or(page.getByText("nor is this")).first()).toBeVisible();
  await page.getByRole("button", { name: "Replay …" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Replay/ })
    .click();
  await expect(page.getByText("1 letter replayed.")).toBeVisible();

  await page.getByRole("link", { name: "Dead letters", exact: true }).click();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  const bar = page.getByRole("region", { name: "Selected letters" });
  await bar.getByRole("button", { name: "Drop …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Drop/ }).click();
  await expect(page.getByText(/letters? dropped\./)).toBeVisible();
});
