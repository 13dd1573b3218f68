/** The platform's REST API, to prepare what a test needs, and to see what became of it. */

import { expect } from "@playwright/test";
import type { components } from "@/api/schema/rule-service";
import { platform } from "./platform";
import type { Answer } from "./receivers";

type Schemas = components["schemas"];
export type Rule = Schemas["Rule"];
export type Notification = Schemas["Notification"];

export async function call<Result>(method: string, path: string, body?: unknown, headers = {}): Promise<Result> {
  const { url, adminKey } = platform();
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Result;
}

let made = 0;

/** An id that no other test has, whichever process it runs in. */
export const unique = (word: string): string => `${word}-${process.pid.toString(36)}${(made++).toString(36)}`;

export async function makeClient(word = "acme"): Promise<string> {
  const id = unique(word);
  await call("POST", "/clients", { id, name: word });
  return id;
}

interface NewRule {
  severity?: string;
  source?: string;
  name?: string;
  description?: string;
  endpoints?: readonly object[];
}

export const makeRule = (clientId: string, rule: NewRule = {}): Promise<Rule> =>
  call("POST", `/clients/${clientId}/rules`, { severity: "*", source: unique("payments"), name: "*", ...rule });

/** A webhook of one of the receivers; what fails is tried once more, after a second. */
export const webhook = (receiver: string): object => ({
  type: "webhook",
  value: `${platform().receivers}/hook/${receiver}`,
  retry: { profile: "custom", delays: [1] },
});

/** Tell a receiver what to answer from now on. */
export async function answer(receiver: string, status: number, body = ""): Promise<void> {
  const order: Answer = { status, body };
  await fetch(`${platform().receivers}/answers/${receiver}`, { method: "PUT", body: JSON.stringify(order) });
}

export async function askedSoFar(receiver: string): Promise<number> {
  return Number(await (await fetch(`${platform().receivers}/answers/${receiver}`)).text());
}

interface Services {
  items: readonly { service: string; rules_version: number | null }[];
}

/** Wait until alerts are matched by the rules as they are now. */
export async function rulesAreLive(): Promise<void> {
  const { rules_version: version } = await call<Schemas["RulesVersion"]>("GET", "/rules-version");
  await expect
    .poll(async () => {
      const { items } = await call<Services>("GET", "/metrics/services");
      return items.find(({ service }) => service === "evaluator")?.rules_version ?? 0;
    })
    .toBeGreaterThanOrEqual(version);
}

export interface Alert {
  severity: string;
  source: string;
  name: string;
  alert_id?: string;
  context?: Readonly<Record<string, string>>;
}

export async function sendAlerts(...alerts: Alert[]): Promise<void> {
  const { ingest, adminKey } = platform();
  const response = await fetch(`${ingest}/api/v1/alerts`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(alerts),
  });
  if (response.status !== 202) throw new Error(`alerts: ${response.status} ${await response.text()}`);
}

/** The notifications of a client, once there are so many with a status. */
export async function notificationsOf(clientId: string, count: number, status: string): Promise<Notification[]> {
  let items: Notification[] = [];
  await expect
    .poll(async () => {
      const path = `/notifications?client_id=${clientId}&status=${status}&limit=500`;
      ({ items } = await call<{ items: Notification[] }>("GET", path));
      return items.length;
    })
    .toBe(count);
  return items;
}

export async function makeKey(scope: string, name: string): Promise<string> {
  return (await call<Schemas["CreatedKey"]>("POST", "/keys", { name, scope })).key;
}
