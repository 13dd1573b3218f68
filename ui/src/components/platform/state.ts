/** How a service fares, in one word. */

import type { ToneName } from "@/components/Tone";
import { formatNumber, plural } from "@/components/numbers";
import type { PipelineFigures, ServiceFigures } from "./queries";
import { SERVICES } from "./services";

export type StateName = "works" | "down" | "stuck" | "behind" | "errors" | "refused" | "off" | "unknown";

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

function errorState(service: ServiceFigures): ServiceState | undefined {
  const perMinute = Math.ceil((service.rates.errors ?? 0) * 60);
  const aside = Math.ceil((service.rates.dead_letters ?? 0) * 60);
  if (aside > 0) return errors(`${plural(aside, "message")} put aside as dead letters in the last minute.`);
  if (perMinute === 0) return undefined;
  const { fails = "errors", failing } = SERVICES[service.service] ?? {};
  const why = `In the last minute: ${formatNumber(perMinute)} ${fails}.`;
  return failing === undefined ? errors(why) : { state: "refused", word: failing, tone: "medium", why };
}

const errors = (why: string): ServiceState => ({ state: "errors", word: "Errors", tone: "medium", why });
