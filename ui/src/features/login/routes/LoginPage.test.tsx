import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { json, problem, renderPage, serve } from "@/test/render";
import { LoginPage } from "./LoginPage";
import { safeNext } from "./safeNext";

const SESSION = { key_id: "k", name: "n", scope: "admin", client_id: null, client_name: null };

async function logInWith(key: string) {
  await userEvent.type(screen.getByLabelText("API key"), key);
  await userEvent.click(screen.getByRole("button", { name: "Log in" }));
}

test("a right key leads to where one wanted to go", async () => {
  const calls = serve({ "POST /api/v1/session": json(SESSION, 201) });
  const { address } = await renderPage(<LoginPage />, { url: "/login?next=%2Frules%3Fseverity%3DHIGH" });
  await logInWith(" ak_1_2 ");
  await expect.poll(address).toBe("/rules?severity=HIGH");
  expect(calls).toHaveLength(1);
  expect(calls[0]?.body).toEqual({ key: "ak_1_2" });
  expect(calls[0]?.headers.get("x-alerting-csrf")).toBe("1");
});

test("a wrong key is said to be wrong", async () => {
  serve({ "POST /api/v1/session": problem(401, "the key is not valid") });
  const { address } = await renderPage(<LoginPage />, { url: "/login" });
  await logInWith("ak_1_2");
  expect(await screen.findByText("The key is not valid.")).toBeDefined();
  expect(address()).toBe("/login");
});

test("no answer is said to be none", async () => {
  serve({});
  await renderPage(<LoginPage />, { url: "/login" });
  await logInWith("ak_1_2");
  expect(await screen.findByText(/does not answer/)).toBeDefined();
});

test("nothing is sent without a key", async () => {
  const calls = serve({});
  await renderPage(<LoginPage />, { url: "/login" });
  await userEvent.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByText("Paste your API key.")).toBeDefined();
  expect(calls).toEqual([]);
});

test.each([
  [undefined, "/"],
  ["/rules?page=a", "/rules?page=a"],
  ["https://evil.example/", "/"],
  ["//evil.example/", "/"],
  ["/\\evil.example/", "/"],
  ["/login?next=/login", "/"],
])("after the login, %s leads to %s", (next, path) => {
  expect(safeNext(next)).toBe(path);
});
