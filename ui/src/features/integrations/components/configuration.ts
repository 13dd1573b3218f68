/** What to write where, for each source: the words of docs/integrations.md, with this deployment's address. */

import type { SourceId } from "./sourceNames";

export interface Step {
  title: string;
  hint?: string;
  code: string;
}

interface Settings {
  /** Where ingest is. */
  url: string;
  /** Of the integration. */
  name: string;
  key: string;
}

/** Stands where the key has to be, as long as there is none to show. */
export const NO_KEY = "YOUR-KEY";

/** The steps that connect a source. */
export function stepsFor(source: SourceId, settings: Settings): Step[] {
  return STEPS[source]({ ...settings, url: settings.url.replace(/\/+$/, "") });
}

/** Whether its alerts belong to an integration with a name of one's choice; those of our own API all go to one. */
export const hasName = (source: SourceId): boolean => source !== "curl";

const pathOf = ({ url, name }: Settings): string => `${url}/integrations/${name}`;

const keyFile = (path: string, key: string): Step => ({
  title: "Put the key into a file",
  hint: "On the machine that it runs on, for its user alone (mode 0600); Debian calls that user prometheus.",
  code: `sudo install -m 0600 -o prometheus /dev/stdin \\\n  ${path} <<'END'\n${key}\nEND`,
});

const curl = (address: string, key: string, ...rest: string[]): string =>
  [`curl -sS --fail-with-body "${address}"`, `  -H "Authorization: Bearer ${key}"`, ...rest].join(" \\\n");

const STEPS: Readonly<Record<SourceId, (settings: Settings) => Step[]>> = {
  prometheus: (settings) => {
    const { protocol, host, pathname } = new URL(settings.url);
    const prefix = `${pathname.replace(/\/$/, "")}/integrations/${settings.name}`;
    return [
      keyFile("/etc/prometheus/alerting.key", settings.key),
      {
        title: "Add it to prometheus.yml, and reload Prometheus",
        hint: "Both servers of a high-availability pair use the same name.",
        code: [
          "alerting:",
          "  alertmanagers:",
          ...(protocol === "https:"
            ? ["    - scheme: https", `      path_prefix: ${prefix}`]
            : [`    - path_prefix: ${prefix}`]),
          "      authorization:",
          "        credentials_file: /etc/prometheus/alerting.key",
          "      static_configs:",
          `        - targets: ["${host}"]`,
        ].join("\n"),
      },
      {
        title: "Or try it from a shell",
        code: curl(
          `${pathOf(settings)}/api/v2/alerts`,
          settings.key,
          `  -H "Content-Type: application/json"`,
          `  -d '[{"labels": {"alertname": "Test", "severity": "info", "job": "test"}}]'`,
        ),
      },
    ];
  },
  alertmanager: (settings) => [
    keyFile("/etc/alertmanager/alerting.key", settings.key),
    {
      title: "Add it to alertmanager.yml, and reload Alertmanager",
      hint: "Keep repeat_interval below a day: an alert that nothing is heard of for so long is over.",
      code: [
        "route:",
        "  receiver: alerting",
        "receivers:",
        "  - name: alerting",
        "    webhook_configs:",
        `      - url: ${pathOf(settings)}/alertmanager`,
        "        http_config:",
        "          authorization:",
        "            credentials_file: /etc/alertmanager/alerting.key",
      ].join("\n"),
    },
  ],
  grafana: (settings) => [
    {
      title: "Make a contact point of the type “Webhook”, with this URL",
      hint: "In Grafana under Alerting, Contact points.",
      code: `${pathOf(settings)}/grafana`,
    },
    { title: "Its authorization header: the scheme", code: "Bearer" },
    { title: "Its authorization header: the credentials", code: settings.key },
  ],
  pagerduty: (settings) => [
    {
      title: "Give the sender this address instead of https://events.pagerduty.com/v2/enqueue",
      code: `${pathOf(settings)}/v2/enqueue`,
    },
    { title: "The routing key", hint: "Also called integration key.", code: settings.key },
    {
      title: "Or try it from a shell",
      code: [
        `curl -sS --fail-with-body "${pathOf(settings)}/v2/enqueue" -d '{`,
        `  "routing_key": "${settings.key}", "event_action": "trigger", "dedup_key": "test",`,
        `  "payload": {"summary": "A test", "source": "test", "severity": "info", "class": "Test"}}'`,
      ].join("\n"),
    },
  ],
  cloudevents: (settings) => [
    {
      title: "Send events to this address, with the key",
      hint: "The attributes may be headers, as here, or in the body (application/cloudevents+json, or -batch+json for several).",
      code: curl(
        `${pathOf(settings)}/cloudevents`,
        settings.key,
        `  -H "ce-specversion: 1.0" -H "ce-id: $(date +%s)" -H "ce-source: /test" -H "ce-type: com.example.test"`,
        `  -H "ce-severity: low" -H "Content-Type: application/json" -d '{"free": "1%"}'`,
      ),
    },
  ],
  curl: ({ url, key }) => [
    {
      title: "Send an alert, or an array of them",
      hint: "One that may be sent again after a time-out should have an alert_id, or the request an Idempotency-Key.",
      code: curl(
        `${url}/api/v1/alerts`,
        key,
        `  -d '{"severity": "LOW", "source": "test", "name": "Test", "context": {"region": "eu-1"}}'`,
      ),
    },
    {
      title: "Or many, one on each line",
      code: curl(
        `${url}/api/v1/alerts`,
        key,
        `  -H "Content-Type: application/x-ndjson"`,
        "  --data-binary @alerts.ndjson",
      ),
    },
  ],
};
