import { expect, test } from "vitest";
import { differing, merged, suggested } from "./conflict";

const base = { source: "api", name: "timeout", description: "", enabled: true };
const conflict = {
  base,
  mine: { ...base, source: "web", description: "mine" },
  theirs: { ...base, enabled: false, description: "theirs" },
};

test("what differs is what the two versions say otherwise, whoever changed it", () => {
  expect(differing(conflict)).toEqual(["source", "description", "enabled"]);
});

test("each side keeps what only it changed, and mine wins where both did", () => {
  expect(suggested(conflict)).toEqual({ source: "mine", description: "mine", enabled: "theirs" });
  expect(merged(conflict, suggested(conflict))).toEqual({
    source: "web",
    name: "timeout",
    description: "mine",
    enabled: false,
  });
});

test("choosing one side everywhere gives that side", () => {
  const all = (side: "mine" | "theirs") => ({ source: side, description: side, enabled: side });
  expect(merged(conflict, all("mine"))).toEqual(conflict.mine);
  expect(merged(conflict, all("theirs"))).toEqual(conflict.theirs);
});

test("fields that only they know stay theirs, such as the version", () => {
  const theirs = { ...conflict.theirs, version: 4 };
  expect(merged({ ...conflict, theirs }, { source: "mine" })).toMatchObject({
    version: 4,
    source: "web",
  });
});

test("lists that say the same do not differ", () => {
  expect(differing({ base: { a: [1] }, mine: { a: [1] }, theirs: { a: [1] } })).toEqual([]);
});
