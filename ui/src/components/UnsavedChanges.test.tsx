import { TextInput } from "@mantine/core";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderPage } from "@/test/render";
import { AnchorLink } from "./links";
import { UnsavedChanges } from "./UnsavedChanges";
import { useProblemForm } from "./useProblemForm";

function Page({ save = () => Promise.resolve() }: { save?: () => Promise<unknown> }) {
  const { form, unsaved, submit } = useProblemForm({ initialValues: { name: "" } });
  return (
    <>
      <form onSubmit={submit(save)}>
        <TextInput label="Name" {...form.getInputProps("name")} />
        <AnchorLink to={"/elsewhere" as never}>Elsewhere</AnchorLink>
        <AnchorLink to={"/here" as never} search={{ tab: "history" } as never}>
          History
        </AnchorLink>
        <AnchorLink to={"/here" as never} search={{ sort: "name" } as never}>
          Sort
        </AnchorLink>
        <AnchorLink to={"/elsewhere" as never} ignoreBlocker>
          Give up
        </AnchorLink>
        <button type="submit">Save</button>
      </form>
      <UnsavedChanges unsaved={unsaved} />
    </>
  );
}

const go = (name: string): Promise<void> => userEvent.click(screen.getByRole("link", { name }));
const type = (text: string): Promise<void> => userEvent.type(screen.getByLabelText("Name"), text);
const question = (): Promise<HTMLElement> => screen.findByRole("dialog", { name: "Leave without saving?" });

describe("a form that is left", () => {
  it("asks nothing when nothing was changed", async () => {
    const { address } = await renderPage(<Page />, { url: "/here" });
    await go("Elsewhere");
    await waitFor(() => expect(address()).toBe("/elsewhere"));
  });

  it.each([
    ["another page", "Elsewhere", "/elsewhere"],
    ["another tab", "History", "/here?tab=history"],
  ])("asks before %s, and keeps what was typed until one says so", async (_where, link, there) => {
    const { address } = await renderPage(<Page />, { url: "/here" });
    await type("payments");
    await go(link);
    await question();
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(address()).toBe("/here");
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("payments");

    await go(link);
    await question();
    await userEvent.click(screen.getByRole("button", { name: "Leave" }));
    await waitFor(() => expect(address()).toBe(there));
  });

  it.each([
    ["the same form is shown", "Sort", "/here?sort=name"],
    ["one gives up on purpose", "Give up", "/elsewhere"],
  ])("does not ask when %s", async (_when, link, there) => {
    const { address } = await renderPage(<Page />, { url: "/here" });
    await type("payments");
    await go(link);
    await waitFor(() => expect(address()).toBe(there));
  });

  it("does not ask while it is being saved", async () => {
    const { address } = await renderPage(<Page save={() => new Promise(() => undefined)} />, { url: "/here" });
    await type("payments");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await go("Elsewhere");
    await waitFor(() => expect(address()).toBe("/elsewhere"));
  });
});
