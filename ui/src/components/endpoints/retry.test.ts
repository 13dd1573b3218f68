import { describe, expect, it } from "vitest";
import { ageFault, delaysFault, readDelays, readDuration, writeDuration } from "./retry";

describe("a duration", () => {
  it.each([
    ["90", 90],
    ["90 s", 90],
    ["5min", 300],
    ["2 H", 7200],
    ["1 d", 86_400],
    ["0.5 h", 1800],
  ])("%s is %d seconds", (text, seconds) => expect(readDuration(text)).toBe(seconds));

  it.each(["", "soon", "5 weeks", "-1 s"])("%s is none", (text) => expect(readDuration(text)).toBeUndefined());

  it.each([
    [5, "5 s"],
    [90, "90 s"],
    [120, "2 min"],
    [7200, "2 h"],
    [604_800, "7 d"],
    [1.5, "1.5 s"],
  ])("%d seconds are written %s and read again", (seconds, text) => {
    expect(writeDuration(seconds)).toBe(text);
    expect(readDuration(text)).toBe(seconds);
  });
});

it("reads delays with commas between", () => expect(readDelays("5 s, 1 min,")).toEqual([5, 60]));

it("says what is wrong with delays", () => {
  expect(delaysFault("5 s, 1 min")).toBeNull();
  expect(delaysFault(" ")).toContain("Enter");
  expect(delaysFault("5 s; 1 min")).toContain("commas");
  expect(delaysFault("0 s")).toContain("between");
  expect(delaysFault(Array(21).fill("1 s").join(","))).toContain("at most");
});

it("says what is wrong with an age", () => {
  expect(ageFault("")).toBeNull();
  expect(ageFault("15 min")).toBeNull();
  expect(ageFault("30 s")).toContain("between");
  expect(ageFault("8 d")).toContain("between");
  expect(ageFault("a while")).toContain("number");
});
