import { describe, expect, it } from "vitest";
import { formatOf } from "./previewAlert";

describe("formatOf", () => {
  it.each([
    ["an alert of Prometheus", '{"labels": {"alertname": "A"}}', "prometheus"],
    ["a list of them", '[{"labels": {"alertname": "A"}}]', "prometheus"],
    ["a webhook of Alertmanager", '{"version": "4", "alerts": []}', "prometheus"],
    ["an alert of our own", '{"severity": "HIGH", "source": "a", "name": "b"}', "native"],
    ["a list of our own", '[{"severity": "HIGH", "source": "a", "name": "b"}]', "native"],
    ["one of our own a line", '{"severity": "HIGH", "source": "a", "name": "b"}\n{"severity": "LOW"}', "native"],
    ["what is no JSON", "labels:\n  alertname: A", "prometheus"],
    ["nothing", "", "prometheus"],
  ])("takes %s for what it is", (_, text, format) => {
    expect(formatOf(text)).toBe(format);
  });
});
