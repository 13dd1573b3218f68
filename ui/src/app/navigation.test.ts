import { expect, test } from "vitest";
import { above, homeOf, isUnder, mayOpen, sectionsFor } from "./navigation";

const pagesOf = (role: "admin" | "client" | "ingest") =>
  sectionsFor(role).flatMap(({ destinations }) => destinations.map(({ to }) => to));

test("a tenant sees what is its own, and nothing of the platform", () => {
  expect(pagesOf("client")).toEqual(["/", "/notifications", "/rules", "/endpoints", "/try"]);
});

test("a key that sends alerts sees where it sends them", () => {
  expect(pagesOf("ingest")).toEqual(["/integrations"]);
  expect(homeOf("ingest")).toBe("/integrations");
});

test("an administrator sees everything", () => {
  expect(pagesOf("admin")).toHaveLength(11);
});

test("what is not in the menu cannot be opened by its address either", () => {
  expect(mayOpen("client", "/dead-letters/alerts/0/12")).toBe(false);
  expect(mayOpen("client", "/rules/1")).toBe(true);
  expect(mayOpen("ingest", "/")).toBe(false);
});

test("the way up leads from a thing to its list, and from a list nowhere", () => {
  expect(above("/rules/new")?.title).toBe("Rules");
  expect(above("/dead-letters/alerts.new/0/12")?.to).toBe("/dead-letters");
  expect(above("/rules")).toBeUndefined();
  expect(above("/nowhere/else")).toBeUndefined();
});

test("a page is above what lies below it, and not above what begins like it", () => {
  expect(isUnder("/rules/new", "/rules")).toBe(true);
  expect(isUnder("/rules-old", "/rules")).toBe(false);
  expect(isUnder("/rules", "/")).toBe(false);
});
