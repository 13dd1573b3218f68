/** What can be connected. */

export const SOURCE_IDS = ["prometheus", "alertmanager", "grafana", "pagerduty", "cloudevents", "curl"] as const;
export type SourceId = (typeof SOURCE_IDS)[number];

interface SourceName {
  title: string;
  hint: string;
}

export const SOURCE_NAMES: Readonly<Record<SourceId, SourceName>> = {
  prometheus: { title: "Prometheus", hint: "Also vmalert and the rulers of Loki, Thanos and Mimir." },
  alertmanager: { title: "Alertmanager", hint: "Passes on what it has grouped, by its webhook." },
  grafana: { title: "Grafana", hint: "By a contact point of the type “Webhook”." },
  pagerduty: { title: "PagerDuty events", hint: "Whatever speaks PagerDuty’s Events API v2." },
  cloudevents: { title: "CloudEvents", hint: "Events after CloudEvents 1.0." },
  curl: { title: "curl and programs", hint: "Anything that can make an HTTP request." },
};

/** What speaks Alertmanager's API is Prometheus, or is connected as Prometheus is; Alertmanager itself has a webhook. */
const OF_FORMATS: Readonly<Partial<Record<string, SourceId>>> = {
  alertmanager: "prometheus",
  "alertmanager-webhook": "alertmanager",
  grafana: "grafana",
  pagerduty: "pagerduty",
  cloudevents: "cloudevents",
  native: "curl",
};

const OTHER_FORMATS: Readonly<Partial<Record<string, string>>> = { native: "our own" };

/** The format that an integration was last heard of in, as people call it. */
export function formatInWords(format: string): string {
  const source = OF_FORMATS[format];
  return OTHER_FORMATS[format] ?? (source === undefined ? format : SOURCE_NAMES[source].title);
}

/** What the configuration is to be shown of, for an integration that was heard of. */
export const sourceOf = (name: string, format: string | null | undefined): SourceId =>
  SOURCE_IDS.find((id) => id === name) ?? (format ? OF_FORMATS[format] : undefined) ?? "prometheus";

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What is wrong with an integration's name, if something is. */
export const nameFault = (name: string): string | undefined =>
  NAME.test(name) ? undefined : "Small letters, digits and hyphens, at most 63, beginning with a letter or digit.";
