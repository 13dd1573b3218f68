import { expect, it } from "vitest";
import { idFault, idFrom, patchOf } from "./values";

it.each([
  ["Acme Payments", "acme-payments"],
  ["  Müller & Söhne GmbH ", "muller-sohne-gmbh"],
  ["…", ""],
])("suggests of %s the id %s", (name, id) => expect(idFrom(name)).toBe(id));

it("says what an id may have in it", () => {
  expect(idFault("acme.eu:1@x_y-z")).toBeNull();
  expect(idFault("")).toContain("Enter");
  expect(idFault("-acme")).toContain("beginning");
  expect(idFault("acme/eu")).toContain("only");
});

it("sends only what differs", () => {
  expect(patchOf({ name: "a", enabled: true }, { name: "b", enabled: true })).toEqual({ name: "b" });
  expect(patchOf({ name: "a", enabled: true }, { name: "a", enabled: false })).toEqual({ enabled: false });
});
