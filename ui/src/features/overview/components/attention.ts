/** What to look at first, as lines that each lead somewhere. */

import type { LinkProps } from "@tanstack/react-router";
import { formatCount, plural } from "@/components/numbers";
import type { PipelineFigures } from "@/components/platform/queries";
import { allServices, SERVICES, titleOf } from "@/components/platform/services";
import { type StateName, stateOf } from "@/components/platform/state";
import { clockTime, duration } from "@/components/time";
import type { ToneName } from "@/components/Tone";
import type { Failing, FailingReceiver } from "../api/failing";

export interface Line {
  key: string;
  tone: ToneName;
  word: string;
  what: string;
  detail?: string | undefined;
  link: Pick<LinkProps, "to" | "params" | "search">;
}

const MOST_RECEIVERS = 5;
const TYPES = ["email", "slack", "webhook", "apprise"] as const;

/** Put what fails in order: what stops everything, who is not reached, what was lost. */
export function attentionLines(
  failing: Failing,
  figures: PipelineFigures | undefined,
  now: Date,
  severalClients = true,
): Line[] {
  return [
    ...servicesDown(failing),
    ...(figures ? servicesInTrouble(figures) : []),
    ...receivers(failing, now, severalClients),
    ...counts(failing),
  ];
}

function servicesDown({ services_down }: Failing): Line[] {
  return (services_down ?? []).map((service) => ({
    key: `down:${service}`,
    tone: "critical",
    word: "Down",
    what: titleOf(service),
    detail: `No process runs: ${SERVICES[service]?.without ?? "what it does is not done"}.`,
    link: { to: "/services/$service", params: { service } },
  }));
}

const IN_TROUBLE: readonly StateName[] = ["behind", "stuck", "errors"];

function servicesInTrouble(figures: PipelineFigures): Line[] {
  const names = allServices((figures.services ?? []).map(({ service }) => service));
  return names.flatMap((service) => {
    const { state, word, tone, why } = stateOf(service, figures);
    if (!IN_TROUBLE.includes(state)) return [];
    const link = { to: "/services/$service", params: { service } } as const;
    return [{ key: `service:${service}`, tone, word, what: titleOf(service), detail: why, link }];
  });
}

function receivers(failing: Failing, now: Date, severalClients: boolean): Line[] {
  const shown = failing.receivers.slice(0, MOST_RECEIVERS);
  const lines = shown.map((receiver) => receiverLine(receiver, now, severalClients));
  const more = failing.receivers.length - shown.length;
  if (more === 0) return lines;
  const number = failing.receivers_more ? `more than ${plural(more, "receiver")}` : plural(more, "more receiver");
  return [
    ...lines,
    {
      key: "receivers",
      tone: "high",
      word: "Failing",
      what: `${number.charAt(0).toUpperCase()}${number.slice(1)}`,
      detail: failing.receivers_more ? "besides those above." : undefined,
      link: { to: "/endpoints", search: { health: "failing" } },
    },
  ];
}

function receiverLine(receiver: FailingReceiver, now: Date, severalClients: boolean): Line {
  const [endpointId, ...others] = receiver.endpoint_ids;
  const one = endpointId !== undefined && others.length === 0;
  return {
    key: `receiver:${receiver.client_id}:${receiver.type}:${receiver.endpoint_ids.join()}`,
    ...receiverState(receiver, now),
    what: severalClients ? `${receiver.shown} of ${receiver.client_id}` : receiver.shown,
    detail: receiverDetail(receiver, now),
    link: one
      ? { to: "/endpoints/$endpointId", params: { endpointId } }
      : { to: "/endpoints", search: listOf(receiver) },
  };
}

/** Those that were given up are switched off, and in no list of what fails. */
function listOf({ client_id, type, given_up }: FailingReceiver) {
  const known = TYPES.find((each) => each === type);
  return { client_id, health: given_up ? "disabled" : "failing", ...(known && { type: known }) } as const;
}

function receiverState({ given_up, open_until }: FailingReceiver, now: Date): Pick<Line, "tone" | "word"> {
  if (given_up) return { tone: "critical", word: "Given up" };
  const paused = open_until !== null && new Date(open_until) > now;
  return paused ? { tone: "critical", word: "Paused" } : { tone: "high", word: "Failing" };
}

function receiverDetail(receiver: FailingReceiver, now: Date): string {
  const since = duration(Math.max(0, now.getTime() - Date.parse(receiver.failing_since)));
  const until = receiver.open_until;
  const again = until !== null && new Date(until) > now && !receiver.given_up;
  return [
    `For ${rulesOf(receiver)}: ${plural(receiver.failures, "attempt")} failed in ${since}`,
    receiver.last_error,
    again ? `next try at ${clockTime(new Date(until))}` : null,
  ]
    .filter((part) => part !== null)
    .join("; ")
    .concat(".");
}

/** Addresses on one host look alike without what is secret in them; what they are for does not. */
function rulesOf({ rule: { source, name }, endpoint_ids: { length } }: FailingReceiver): string {
  const more = length > 1 ? ` and ${plural(length - 1, "more rule")}` : "";
  return `${source} / ${name}${more}`;
}

function counts({ notifications_failed, waiting, dead_letters }: Failing): Line[] {
  const lines: Line[] = [];
  if (notifications_failed.count > 0) {
    lines.push({
      key: "failed",
      tone: "critical",
      word: "Failed",
      what: `${formatCount(notifications_failed)} ${notifications_failed.count === 1 ? "notification" : "notifications"}`,
      detail: "Some or all of their receivers were not reached in the last 24 hours.",
      link: { to: "/notifications", search: { status: ["FAILED", "PARTIAL"], last: "24h" } },
    });
  }
  if (waiting.count > 0) {
    lines.push({
      key: "waiting",
      tone: "medium",
      word: "Waiting",
      what: `${formatCount(waiting)} ${waiting.count === 1 ? "notification" : "notifications"}`,
      detail: "On their way for more than a minute: to receivers that fail, are slow, or take only so many.",
      link: { to: "/notifications", search: { status: ["RECEIVED"] } },
    });
  }
  if (dead_letters !== null && dead_letters > 0) {
    lines.push({
      key: "dead-letters",
      tone: "medium",
      word: "Put aside",
      what: plural(dead_letters, "dead letter"),
      detail: "Messages that no stage could use.",
      link: { to: "/dead-letters" },
    });
  }
  return lines;
}
