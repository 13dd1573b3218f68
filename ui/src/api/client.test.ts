import { expect, test } from "vitest";
import { json, nothing, problem, serve } from "@/test/render";
import { api, ifMatch, take } from "./client";
import { ApiError } from "./problem";

test("a change proves that it comes from here, and a question does not need to", async () => {
  const calls = serve({ "GET /api/v1/rules": json({ items: [] }), "DELETE /api/v1/rules/1": nothing() });
  await take(api.GET("/api/v1/rules"));
  await take(api.DELETE("/api/v1/rules/{rule_id}", { params: { path: { rule_id: "1" }, header: ifMatch(3) } }));
  expect(calls.map(({ headers }) => headers.get("x-alerting-csrf"))).toEqual([null, "1"]);
  expect(calls[1]?.headers.get("if-match")).toBe('"3"');
});

test("what is not set is not sent, and a list is sent as a name that is repeated", async () => {
  const calls = serve({ "GET /api/v1/notifications": json({ items: [] }) });
  const query = { status: ["FAILED", "PARTIAL"], source: undefined } as never;
  await take(api.GET("/api/v1/notifications", { params: { query } }));
  expect(calls[0]?.url.search).toBe("?status=FAILED&status=PARTIAL");
});

test("an answer that is an error is thrown", async () => {
  serve({ "GET /api/v1/rules": problem(503, "PostgreSQL does not answer") });
  const error = await take(api.GET("/api/v1/rules")).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 503, detail: "PostgreSQL does not answer.", temporary: true });
});

test("no answer is an error too, and says so", async () => {
  serve({});
  await expect(take(api.GET("/api/v1/rules"))).rejects.toMatchObject({ status: 0, temporary: true });
});

test("a question that is given up is no error of the service", async () => {
  serve({});
  const controller = new AbortController();
  controller.abort();
  await expect(take(api.GET("/api/v1/rules", { signal: controller.signal }))).rejects.not.toBeInstanceOf(ApiError);
});
