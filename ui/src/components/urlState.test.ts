import { describe, expect, test } from "vitest";
import { pageFields, popped, pushed } from "./cursorPaging";
import { flag, listOf, oneOf, parseSearch, searchSchema, stringifySearch, text, texts, time, whole } from "./urlState";

const schema = searchSchema({
  search: text(),
  severity: oneOf(["HIGH", "LOW"]),
  status: listOf(["SENT", "FAILED"]),
  enabled: flag(),
  limit: whole(1, 500),
  from: time(),
  many: texts(2),
});

describe("a search schema", () => {
  test("reads what an address has", () => {
    const found = schema(
      parseSearch("?search=a%20b&severity=HIGH&status=FAILED&enabled=false&limit=50&from=2026-01-01T00:00:00Z&many=x"),
    );
    expect(found).toEqual({
      search: "a b",
      severity: "HIGH",
      status: ["FAILED"],
      enabled: false,
      limit: 50,
      from: "2026-01-01T00:00:00Z",
      many: ["x"],
    });
  });

  test("drops what is not a value, and what it does not know", () => {
    expect(
      schema(parseSearch("?search=&severity=high&status=OTHER&enabled=1&limit=501&from=then&many=&other=1")),
    ).toEqual({});
  });

  test("keeps the last of a list that is too long", () => {
    expect(schema(parseSearch("?many=a&many=b&many=c")).many).toEqual(["b", "c"]);
  });

  test("takes the first where one is wanted and several are given", () => {
    expect(schema(parseSearch("?severity=LOW&severity=HIGH")).severity).toBe("LOW");
  });

  test("reads again what it has read", () => {
    const once = schema(parseSearch("?status=SENT&status=FAILED&enabled=true&limit=7&search=5"));
    expect(schema(once)).toEqual(once);
  });
});

describe("an address", () => {
  test("comes back as it was written", () => {
    const search = { search: "ä & b=c?", status: ["SENT", "FAILED"], enabled: false, limit: 3 };
    expect(schema(parseSearch(stringifySearch(search)))).toEqual(search);
  });

  test("has no mention of what is not set", () => {
    expect(stringifySearch({ search: undefined, status: [], page: "" })).toBe("");
  });
});

describe("the stack of cursors", () => {
  test("goes forth and back to where it began", () => {
    const stack = pushed(pushed(undefined, "a"), "b");
    expect(stack).toEqual(["a", "b"]);
    expect(popped(popped(stack))).toBeUndefined();
    expect(popped(undefined)).toBeUndefined();
  });

  test("forgets the oldest beyond its bound", () => {
    const deep = Array.from({ length: 60 }, (_, place) => `c${place}`);
    const kept = searchSchema(pageFields)({ page: deep }).page;
    expect(kept).toHaveLength(50);
    expect(kept?.at(-1)).toBe("c59");
  });
});
