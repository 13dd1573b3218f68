import { expect, it } from "vitest";
import { actorInWords, changeInWords } from "./historyWords";

it.each([
  ["updated", { enabled: false, rules_version: 7 }, "Turned off"],
  [
    "updated",
    { severity: "LOW", description: "Wakes nobody", rules_version: 7 },
    "Changed: severity is now “Low”, description is now “Wakes nobody”",
  ],
  ["created", { severity: "*", source: "db", name: "*", enabled: true }, "Created: severity Any, source db, name *"],
  ["updated", { name: "b", enabled: false }, "Changed: name is now “b”, turned off"],
  ["updated", { rule_id: "r", type: "slack", enabled: true, changed: ["value"] }, "Changed: address"],
  [
    "updated",
    { rule_id: "r", type: "slack", enabled: false, changed: ["retry", "fallback"] },
    "Changed: retries, fallback",
  ],
  ["updated", { rule_id: "r", type: "slack", enabled: false, changed: ["enabled"] }, "Turned off"],
  [
    "updated",
    { rule_id: "r", type: "slack", enabled: true, changed: ["enabled", "value"] },
    "Changed: address, turned on",
  ],
  ["updated", { rule_id: "r", type: "webhook", enabled: true, secret_rotated: true }, "New signing secret"],
  ["deleted", { rules_version: 7, version: 3 }, "Deleted"],
])("says of %s %o: %s", (action, detail, said) => expect(changeInWords({ action, detail })).toBe(said));

it("names who did it", () => {
  expect(actorInWords({ actor: "k1", actor_name: "laptop of Ada" })).toBe("laptop of Ada");
  expect(actorInWords({ actor: "k1", actor_name: null })).toBe("k1");
  expect(actorInWords({ actor: "sender", actor_name: null })).toBe("The platform");
});
