import { expect, test } from "vitest";
import { stepsFor } from "./steps";

const NOTHING = { clients: false, rules: false, endpoints: false };

test("an empty deployment begins with a client and ends with a source", () => {
  const steps = stepsFor(NOTHING, true, false);
  expect(steps.map(({ link }) => link.to)).toEqual(["/clients", "/rules/new", "/rules/new", "/integrations"]);
  expect(steps.some(({ done }) => done)).toBe(false);
});

test("a client makes no clients and connects no sources", () => {
  expect(stepsFor(NOTHING, false, false).map(({ link }) => link.to)).toEqual(["/rules/new", "/rules/new"]);
});

test("what is there is done; an endpoint goes to a rule that there is", () => {
  const steps = stepsFor({ clients: true, rules: true, endpoints: false }, true, true);
  expect(steps.map(({ done }) => done)).toEqual([true, true, false, true]);
  expect(steps[2]?.link.to).toBe("/rules");
});
