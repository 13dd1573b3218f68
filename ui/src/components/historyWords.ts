/** What the record of changes says, in words. */

import type { components } from "@/api/schema/rule-service";
import { SEVERITY_LOOKS } from "./Severity";

export type AuditEntry = components["schemas"]["AuditEntry"];

const ACTIONS: Readonly<Record<string, string>> = {
  created: "Created",
  updated: "Changed",
  deleted: "Deleted",
  disabled: "Turned off",
  revoked: "Revoked",
  resent: "Sent again",
  tested: "Tested",
};

/** What an entry only names, because what it says may be a secret. */
const NAMES: Readonly<Record<string, string>> = { value: "address", retry: "retries", fallback: "fallback" };

const FIELDS: Readonly<Record<string, string>> = {
  severity: "severity",
  source: "source",
  name: "name",
  description: "description",
  scope: "scope",
  expires_at: "expiry",
  reason: "reason",
  disabled_reason: "reason",
};

/** Who did it: a key by its name, or what the platform itself is called. */
export function actorInWords({ actor, actor_name: name }: Pick<AuditEntry, "actor" | "actor_name">): string {
  if (actor === "sender") return "The platform";
  if (actor === "cli") return "The command line";
  if (actor === "admin") return "An administrator";
  return name ?? actor;
}

/** What was done: `Turned off`, `Changed: severity is now HIGH`. */
export function changeInWords({ action, detail }: Pick<AuditEntry, "action" | "detail">): string {
  const changed = action === "updated";
  const verb = ACTIONS[action] ?? action;
  if (changed && detail.secret_rotated === true) return "New signing secret";
  const named = Array.isArray(detail.changed) ? detail.changed.map(String) : undefined;
  const parts = [
    ...(named ?? []).flatMap((field) => NAMES[field] ?? []),
    ...Object.entries(detail).flatMap(([field, value]) => partOf(field, value, changed)),
  ];
  // Of an endpoint the entry always says whether it is on: it was switched only if it says so, too.
  const switched = changed && typeof detail.enabled === "boolean" && (named?.includes("enabled") ?? true);
  if (switched) {
    const turned = detail.enabled === true ? "on" : "off";
    return parts.length === 0 ? `Turned ${turned}` : `${verb}: ${[...parts, `turned ${turned}`].join(", ")}`;
  }
  return parts.length === 0 ? verb : `${verb}: ${parts.join(", ")}`;
}

function partOf(field: string, value: unknown, changed: boolean): string[] {
  const title = FIELDS[field];
  if (title === undefined || value === null || value === "") return [];
  const shown = field === "severity" ? severityInWords(value) : textOf(value);
  return [changed ? `${title} is now “${shown}”` : `${title} ${shown}`];
}

const severityInWords = (value: unknown): string =>
  Object.entries(SEVERITY_LOOKS).find(([name]) => name === value)?.[1].word ?? textOf(value);

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
