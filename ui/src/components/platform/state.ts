/** How a service fares, in one word. */

import type { ToneName } from "@/components/Tone";
import { formatNumber, plural } from "@/components/numbers";
import type { PipelineFigures, ServiceFigures } from "./queries";
import { SERVICES } from "./services";

export type StateName = "works" | "down" | "stuck" | "behind" | "errors" | "aside" | "refused" | "off" | "unknown";

export interface ServiceState {
  state: StateName;
  word: string;
  tone: ToneName;
  /** What exactly, as a sentence. */
  why?: string;
}

/** More than a service handles in so many seconds is no ripple any more. */
const SECONDS_BEHIND = 10;
const FEW = 100;

/** Judge a service by its processes, its errors and what waits for it. */
export function stateOf(name: string, figures: Pick<PipelineFigures, "services" | "topics">): ServiceState {
  const { services } = figures;
  if (services === null) return { state: "unknown", word: "Not known", tone: "quiet", why: "Redis does not answer." };
  const service = services.find((each) => each.service === name);
  if (service === undefined) return absent(name);
  return waitingState(service, waitingFor(name, figures)) ?? errorState(service) ?? WORKS;
}

const WORKS: ServiceState = { state: "works", word: "Works", tone: "good" };

/** How many messages wait for a service; null when that is not known, undefined when it reads none. */
export function waitingFor(name: string, { topics }: Pick<PipelineFigures, "topics">): number | null | undefined {
  const reads = SERVICES[name]?.reads;
  if (reads === undefined) return undefined;
  return topics?.find(({ topic }) => topic === reads)?.lag ?? null;
}

function absent(name: string): ServiceState {
  const without = SERVICES[name]?.without;
  if (without === undefined) return { state: "off", word: "Off", tone: "quiet", why: "No process runs." };
  return { state: "down", word: "Down", tone: "critical", why: `No process runs: ${without}.` };
}

function waitingState(service: ServiceFigures, waiting: number | null | undefined): ServiceState | undefined {
  if (waiting === null || waiting === undefined || waiting <= FEW) return undefined;
  const rate = service.rates.consumed ?? 0;
  const wait = `${formatNumber(waiting)} messages wait`;
  if (rate === 0)
    return { state: "stuck", word: "Stands still", tone: "critical", why: `${wait}, and none is handled.` };
  if (waiting <= rate * SECONDS_BEHIND) return undefined;
  return { state: "behind", word: "Behind", tone: "medium", why: `${wait}: more than it handles in 10 seconds.` };
}

/** What goes wrong in the platform itself comes before what others do wrong. */
function errorState({ service, rates }: ServiceFigures): ServiceState | undefined {
  const {
    fails = "errors",
    failing = "Errors",
    refuses = "refused",
    refusing = "Refuses some",
  } = SERVICES[service] ?? {};
  const own = perMinute(rates.errors);
  if (own > 0) return { state: "errors", word: failing, tone: "high", why: lately(own, fails) };
  const aside = perMinute(rates.dead_letters);
  if (aside > 0) {
    const why = `${plural(aside, "message")} put aside as dead letters in the last minute.`;
    return { state: "aside", word: "Puts aside", tone: "medium", why };
  }
  const refused = perMinute(rates.refused);
  if (refused === 0) return undefined;
  return { state: "refused", word: refusing, tone: "medium", why: lately(refused, refuses) };
}

const perMinute = (rate: number | undefined): number => Math.ceil((rate ?? 0) * 60);

const lately = (number: number, what: string): string => `In the last minute: ${formatNumber(number)} ${what}.`;
