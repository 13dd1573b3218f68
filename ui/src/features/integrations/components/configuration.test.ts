import { expect, test } from "vitest";
import { stepsFor } from "./configuration";
import { nameFault, SOURCE_IDS, sourceOf } from "./sourceNames";

const HERE = { url: "http://ingest.example:8080", name: "eu-1", key: "ak_1_x" };

test("every source's configuration has the address and the key", () => {
  for (const source of SOURCE_IDS) {
    const all = stepsFor(source, HERE)
      .map(({ code }) => code)
      .join("\n");
    expect(all).toContain("ingest.example:8080");
    expect(all).toContain(HERE.key);
  }
});

test("Prometheus gets host, scheme and path apart, as its configuration has them", () => {
  const [, config] = stepsFor("prometheus", { ...HERE, url: "https://ingest.example/in/" });
  expect(config?.code.split("\n").slice(2, 4)).toEqual([
    "    - scheme: https",
    "      path_prefix: /in/integrations/eu-1",
  ]);
  expect(config?.code).toContain('targets: ["ingest.example"]');
});

test("nobody else may read the file with the key", () => {
  for (const source of ["prometheus", "alertmanager"] as const)
    expect(stepsFor(source, HERE)[0]?.code).toMatch(/^sudo install -m 0600 /);
});

test.each(["", "-a", "Eu", "a/b", "a".repeat(64)])("%j is no name", (name) => expect(nameFault(name)).toBeDefined());
test.each(["a", "eu-1", "a".repeat(63)])("%j is a name", (name) => expect(nameFault(name)).toBeUndefined());

test("the source is known by the name, or by what was sent", () => {
  expect(sourceOf("grafana", null)).toBe("grafana");
  expect(sourceOf("eu-1", "cloudevents")).toBe("cloudevents");
  expect(sourceOf("eu-1", "alertmanager")).toBe("prometheus");
  expect(sourceOf("eu-1", "alertmanager-webhook")).toBe("alertmanager");
  expect(sourceOf("eu-1", null)).toBe("prometheus");
});
