/** A platform that looks lived in: what the pages show that are looked at as a whole. */

import { type Alert, answer, call, type Notification, notificationsOf, rulesAreLive, sendAlerts, webhook } from "./api";
import { platform } from "./platform";
import { writeGarbage } from "./programs";

const CLIENTS = { "acme-payments": "Acme Payments", globex: "Globex Logistics", initech: "Initech" };

const RULES = [
  {
    client: "acme-payments",
    severity: "CRITICAL",
    source: "checkout",
    name: "*",
    description: "Whoever is on call for the shop",
  },
  { client: "acme-payments", severity: "*", source: "payments", name: "PaymentTimeout", description: "" },
  { client: "acme-payments", severity: "HIGH", source: "postgres", name: "ReplicationLag", description: "" },
  { client: "globex", severity: "CRITICAL", source: "*", name: "*", description: "Everything that is critical" },
  { client: "globex", severity: "HIGH", source: "warehouse", name: "QueueTooLong", description: "" },
  { client: "initech", severity: "MEDIUM", source: "printers", name: "PaperJam", description: "Tell facilities" },
] as const;

const ALERTS: readonly Alert[] = [
  {
    severity: "CRITICAL",
    source: "checkout",
    name: "HighErrorRate",
    context: {
      service: "checkout",
      region: "eu-central-1",
      value: "7.4 %",
      runbook: "https://runbooks.example/checkout",
    },
  },
  { severity: "HIGH", source: "payments", name: "PaymentTimeout", context: { provider: "card", p99: "4.2 s" } },
  { severity: "HIGH", source: "postgres", name: "ReplicationLag", context: { host: "db-2", lag: "41 s" } },
  { severity: "HIGH", source: "warehouse", name: "QueueTooLong", context: { queue: "picking", length: "1830" } },
  { severity: "MEDIUM", source: "printers", name: "PaperJam", context: { floor: "3" } },
];

export interface Story {
  clientId: string;
  ruleId: string;
  endpointId: string;
  /** One that failed. */
  notificationId: string;
  jobId: string;
}

/** Tell it once; again, it is there already. */
export async function tellStory(): Promise<Story> {
  const there = await call<{ items: readonly unknown[] }>("GET", "/clients?search=acme-payments");
  if (there.items.length === 0) await tell();
  return look();
}

async function tell(): Promise<void> {
  await answer("paper", 200);
  await answer("pager", 500, '{"error": "no route to the on-call phone"}');
  for (const [id, name] of Object.entries(CLIENTS)) await call("POST", "/clients", { id, name });
  for (const { client, ...rule } of RULES) {
    const endpoints = [webhook(rule.source === "checkout" ? "pager" : `${client}-alerts`)];
    await call("POST", `/clients/${client}/rules`, {
      ...rule,
      id: `${client}-${rule.source}`.replace("*", "any"),
      endpoints,
    });
  }
  await call("POST", "/keys", { name: "prometheus in eu-1", scope: "ingest" });
  await call("POST", "/keys", { name: "Acme’s on-call", scope: "client:acme-payments" });
  await call("POST", "/jobs", { kind: "burst", count: 60, seed: 7, mix: { severities: { LOW: 3, MEDIUM: 1 } } });
  const fires = { labels: { alertname: "TargetDown", severity: "critical", job: "node" } };
  await integrate("prometheus/api/v2/alerts", [fires]);
  await integrate("prometheus/api/v2/alerts", [{ labels: { severity: "critical" } }]);
  await integrate("grafana-eu/grafana", { status: "firing", alerts: [{ status: "firing", ...fires }] });
  await rulesAreLive();
  await sendAlerts(...ALERTS);
  await notificationsOf("acme-payments", 1, "FAILED");
  await writeGarbage("alerts.new", "acme-payments", '{"severity": "HIGH"}');
}

/** As one of the sources would send it; that one of these is refused is part of the story. */
async function integrate(path: string, body: unknown): Promise<void> {
  const { ingest, adminKey } = platform();
  await fetch(`${ingest}/integrations/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function look(): Promise<Story> {
  const [failed] = await notificationsOf("acme-payments", 1, "FAILED");
  const endpoints = await call<{ items: readonly { id: string }[] }>("GET", "/rules/acme-payments-checkout/endpoints");
  const jobs = await call<{ items: readonly { id: string; status: string }[] }>("GET", "/jobs");
  return {
    clientId: "acme-payments",
    ruleId: "acme-payments-checkout",
    endpointId: first(endpoints.items).id,
    notificationId: first<Notification>(failed ? [failed] : []).id,
    jobId: first(jobs.items.filter(({ status }) => status !== "running")).id,
  };
}

function first<Item>(items: readonly Item[]): Item {
  const [found] = items;
  if (found === undefined) throw new Error("the story is not told to its end");
  return found;
}
