import { describe, expect, test } from "vitest";
import { ApiError, describeError, formErrors, sentence, toApiError } from "./problem";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

describe("an answer that is an error", () => {
  test("is read with its faults and the time to wait", async () => {
    const errors = [{ field: "name", message: "too long" }];
    const error = await toApiError(answer(429, { detail: "too many attempts", errors }, { "retry-after": "30" }));
    expect(error).toMatchObject({ status: 429, detail: "Too many attempts.", faults: errors, retryAfterSeconds: 30 });
    expect(error.temporary).toBe(true);
  });

  test.each([
    ["a page of a proxy", answer(502, "<html>", { "content-type": "text/html" })],
    ["broken JSON", answer(502, "{")],
    ["JSON that is no object", answer(502, "null")],
  ])("is an error all the same when it is %s", async (_, response) => {
    const error = await toApiError(response);
    expect(error.status).toBe(502);
    expect(error.detail).toContain("502");
    expect(error.faults).toEqual([]);
  });

  test("has no time to wait when that is a date", async () => {
    const error = await toApiError(answer(503, { detail: "x" }, { "retry-after": "Tue, 24 Nov 2026 15:00:00 GMT" }));
    expect(error.retryAfterSeconds).toBeUndefined();
  });
});

describe("a form", () => {
  const fields = ["name", "value"];
  const failure = (...faults: { field: string; message: string }[]) =>
    new ApiError(422, "The request is wrong.", faults);

  test("shows faults at their fields, under the form's names", () => {
    const error = failure({ field: "name", message: "too long" }, { field: "endpoints.0.value", message: "no URL" });
    expect(formErrors(error, fields, { "endpoints.0.value": "value" })).toEqual({
      fields: { name: "Too long.", value: "No URL." },
      form: undefined,
    });
  });

  test("shows what is at no field above them, with the field's name", () => {
    const error = failure({ field: "name", message: "too long" }, { field: "tags", message: "unknown" });
    expect(formErrors(error, fields)).toEqual({ fields: { name: "Too long." }, form: "Tags: unknown." });
  });

  test("puts two faults of one field behind one another", () => {
    const error = failure({ field: "name", message: "too long" }, { field: "name", message: "taken" });
    expect(formErrors(error, fields).fields.name).toBe("Too long. Taken.");
  });

  test("shows the whole when no fault names a field", () => {
    expect(formErrors(new ApiError(409, "It is taken."), fields)).toEqual({ fields: {}, form: "It is taken." });
  });

  test("says something sensible of what is no answer at all", () => {
    expect(formErrors(new TypeError("x is undefined"), fields).form).toMatch(/^Something went wrong/);
  });
});

test("texts of the API become sentences", () => {
  expect(sentence("no such rule")).toBe("No such rule.");
  expect(sentence("Wait …")).toBe("Wait …");
  expect(sentence("")).toBe("");
});

test("nothing of an unknown error is shown", () => {
  expect(describeError(new Error("secret"))).not.toContain("secret");
});
