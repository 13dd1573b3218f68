import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { toApiError } from "@/api/problem";
import { json, problem, renderPage, serve } from "@/test/render";
import { cursorPaging, FIRST_PAGE, pageFields } from "./cursorPaging";
import { DataTable } from "./DataTable";
import { useSelection } from "./selection";
import type { Column, Page } from "./tableTypes";
import { searchSchema, stringifySearch, text, useUrlState } from "./urlState";

interface Thing {
  id: string;
  size: number;
}

const schema = searchSchema({ sort: text(), ...pageFields });
const columns: Column<Thing>[] = [
  { key: "id", title: "Name", render: ({ id }) => id, sort: "id" },
  { key: "size", title: "Size", render: ({ size }) => size, number: true },
];

async function loadThings(query: Record<string, unknown>): Promise<Page<Thing>> {
  const answer = await fetch(new Request(`${window.location.origin}/things${stringifySearch(query)}`));
  if (!answer.ok) throw await toApiError(answer);
  return (await answer.json()) as Page<Thing>;
}

function Things() {
  const [search, change] = useUrlState(schema);
  const paging = cursorPaging(search.page, change);
  const selection = useSelection();
  const query = useQuery({
    queryKey: ["things", search.sort, paging.cursor],
    queryFn: () => loadThings({ sort: search.sort, cursor: paging.cursor }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <p>{selection.selected.size} selected</p>
      <DataTable
        label="Things"
        columns={columns}
        query={query}
        rowId={({ id }) => id}
        rowLink={({ id }) => linkOptions({ to: "/rules/$ruleId", params: { ruleId: id } })}
        paging={paging}
        sort={search.sort}
        onSort={(sort) => change({ sort, ...FIRST_PAGE })}
        selection={selection}
        struck={({ id }) => id === "b"}
        empty={<p>No things yet</p>}
      />
    </>
  );
}

const page = (items: Thing[], next_cursor: string | null = null) => ({ items, next_cursor });
const AB = [
  { id: "a", size: 1 },
  { id: "b", size: 2 },
];

test("pages are turned by cursors that the address keeps", async () => {
  serve({
    "GET /things": ({ url }) =>
      Response.json(url.searchParams.get("cursor") === "C1" ? page([{ id: "c", size: 3 }]) : page(AB, "C1")),
  });
  const { address } = await renderPage(<Things />, { url: "/things" });
  await userEvent.click(await screen.findByRole("button", { name: "Next" }));
  expect(await screen.findByRole("link", { name: "c" })).toBeDefined();
  expect(address()).toBe("/things?page=C1");
  expect(screen.getByRole("button", { name: "Next" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("button", { name: "Previous" }));
  expect(await screen.findByRole("link", { name: "a" })).toBeDefined();
  expect(address()).toBe("/things");
});

test("a click on a title sorts, another turns the order, and both begin at the first page", async () => {
  const calls = serve({ "GET /things": json(page(AB, "C1")) });
  const { address } = await renderPage(<Things />, { url: "/things?page=C1" });
  await userEvent.click(await screen.findByRole("button", { name: "Name" }));
  expect(address()).toBe("/things?sort=id");
  await userEvent.click(screen.getByRole("button", { name: "Name" }));
  expect(address()).toBe("/things?sort=-id");
  expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("descending");
  await expect.poll(() => calls.at(-1)?.url.search).toBe("?sort=-id");
  expect(screen.queryByRole("button", { name: "Size" })).toBeNull();
});

test("j and k go through the rows, and a click anywhere opens one", async () => {
  serve({ "GET /things": json(page(AB)) });
  const { address } = await renderPage(<Things />, { url: "/things" });
  const first = await screen.findByRole("link", { name: "a" });
  await userEvent.keyboard("j");
  expect(document.activeElement).toBe(first);
  await userEvent.keyboard("jj");
  expect(document.activeElement).toBe(screen.getByRole("link", { name: "b" }));
  await userEvent.keyboard("k");
  expect(document.activeElement).toBe(first);
  await userEvent.click(screen.getByRole("cell", { name: "2" }));
  await expect.poll(address).toBe("/rules/b");
});

test("rows are selected one by one, or all of a page", async () => {
  serve({ "GET /things": json(page(AB)) });
  await renderPage(<Things />, { url: "/things" });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select b" }));
  expect(screen.getByText("1 selected")).toBeDefined();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all on this page" }));
  expect(screen.getByText("2 selected")).toBeDefined();
});

test("a row that is about to go is struck out", async () => {
  serve({ "GET /things": json(page(AB)) });
  await renderPage(<Things />, { url: "/things" });
  const row = (await screen.findByRole("link", { name: "b" })).closest("tr");
  expect(row?.dataset.struck).toBe("true");
});

test("no row is said to be none", async () => {
  serve({ "GET /things": json(page([])) });
  await renderPage(<Things />, { url: "/things" });
  expect(await screen.findByText("No things yet")).toBeDefined();
});

test("a failure names its cause, and can be tried again", async () => {
  let works = false;
  serve({ "GET /things": (call) => (works ? json(page(AB)) : problem(503, "PostgreSQL does not answer"))(call) });
  await renderPage(<Things />, { url: "/things" });
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("PostgreSQL does not answer.")).toBeDefined();
  works = true;
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "a" })).toBeDefined();
});

test("what was loaded stays in sight when it cannot be loaded again", async () => {
  let works = true;
  serve({ "GET /things": (call) => (works ? json(page(AB)) : problem(503, "PostgreSQL does not answer"))(call) });
  const { queries } = await renderPage(<Things />, { url: "/things" });
  await screen.findByRole("link", { name: "a" });
  works = false;
  await queries.invalidateQueries();
  expect(await screen.findByText(/PostgreSQL does not answer\. What you see is from \d\d:\d\d:\d\d\./)).toBeDefined();
  expect(screen.getByRole("link", { name: "a" })).toBeDefined();
});
