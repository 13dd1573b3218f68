import { useMutation } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/ingest";

export type Preview = components["schemas"]["Preview"];
export type PreviewAlert = components["schemas"]["PreviewAlert"];

/** Whether a text is of our own format, or one of those with labels, which most systems send. */
export function formatOf(text: string): "native" | "prometheus" {
  // Our own may also be one alert a line.
  const alert = firstOf(parsed(text) ?? parsed(text.trim().split("\n", 1)[0] ?? ""));
  const labelled = ["labels", "alerts", "commonLabels"].some((name) => name in alert);
  return !labelled && "severity" in alert && "source" in alert ? "native" : "prometheus";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstOf(document: unknown): object {
  const first: unknown = Array.isArray(document) ? document[0] : document;
  return typeof first === "object" && first !== null ? first : {};
}

/** Read what was pasted as it would be read if it were sent. */
export function usePreview() {
  return useMutation({
    mutationFn: ({ text, integration }: { text: string; integration: string }) =>
      take(api.POST("/api/v1/preview", { body: { format: formatOf(text), body: text, integration } })),
  });
}
