import { unique } from "./support/api";
import { writeGarbage } from "./support/programs";
import { expect, test } from "./support/test";

test("a message that cannot be read is put aside: inspected, replayed, dropped", async ({ open }) => {
  const key = unique("garbage");
  await writeGarbage("alerts.new", key, "this is no alert", "nor is this");
  const page = await open("/dead-letters");
  const letters = page.getByRole("table", { name: "Dead letters" }).getByRole("row", { name: new RegExp(key) });
  await expect(letters).toHaveCount(2);

  await letters.filter({ hasText: "ends a group" }).getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Not readable", level: 1 })).toBeVisible();
  await expect(page.getByRole("region", { name: "As it was sent" })).toContainText("this is no alert");
  await page.getByRole("button", { name: "Replay …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replay 1 letter" }).click();
  await expect(page.getByText("1 letter replayed.")).toBeVisible();

  // It is still wrong, so it is refused again.
  await page.getByRole("link", { name: "Dead letters", exact: true }).click();
  await expect(letters.filter({ has: page.getByRole("cell", { name: "1", exact: true }) })).toHaveCount(1);
  for (const box of await letters.getByRole("checkbox").all()) await box.check();
  const bar = page.getByRole("region", { name: "Selected letters" });
  await bar.getByRole("button", { name: "Drop …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drop 2 letters" }).click();
  await expect(page.getByText("2 letters dropped.")).toBeVisible();
  await expect(letters).toHaveCount(0);
});
