/** The form of a job: what is typed there, and what the API takes. */

import type { SeverityName } from "@/components/Severity";
import type { Job, JobRequest, Mix } from "../api/jobs";

export const KINDS = ["continuous", "burst", "one"] as const;
export type Kind = (typeof KINDS)[number];

/** Beyond this many alerts the form asks once more. */
export const MANY = 10_000;

/** A number as a field has it: an empty one is a text. */
export type Typed = number | string;

export interface JobValues extends Record<string, unknown> {
  kind: Kind;
  rps: Typed;
  duration: Typed;
  count: Typed;
  severities: Record<string, Typed>;
  sources: { source: string; weight: Typed }[];
  skew: Typed;
  unmatched: Typed;
  duplicates: Typed;
  context_keys: Typed;
  context_value_bytes: Typed;
  seed: Typed;
  id_prefix: string;
  severity: Exclude<SeverityName, "*">;
  source: string;
  name: string;
  alert_id: string;
  context: { key: string; value: string }[];
}

export const EMPTY_JOB: JobValues = {
  kind: "continuous",
  rps: 10,
  duration: 60,
  count: 1000,
  severities: {},
  sources: [],
  skew: 1,
  unmatched: 0,
  duplicates: 0,
  context_keys: 3,
  context_value_bytes: 12,
  seed: "",
  id_prefix: "",
  severity: "HIGH",
  source: "",
  name: "",
  alert_id: "",
  context: [],
};

const PERCENT = 100;

// Shares are typed as per cent; the rounding takes away what binary fractions add.
const share = (percent: Typed): number => Math.round(Number(percent) * 1e6) / 1e6 / PERCENT;
const percent = (value: number): number => Math.round(value * PERCENT * 1e6) / 1e6;

/** How many alerts a job of these values sends; undefined while that cannot be said. */
export function alertsOf({ kind, rps, duration, count }: JobValues): number | undefined {
  const number = kind === "one" ? 1 : kind === "burst" ? Number(count) : Math.ceil(Number(rps) * Number(duration));
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

/** What the API is asked. */
export function requestOf(values: JobValues): JobRequest {
  if (values.kind === "one") {
    const { severity, source, name, alert_id: alertId, context } = values;
    return {
      kind: "one",
      severity,
      source,
      name,
      context: Object.fromEntries(context.map(({ key, value }) => [key, value])),
      ...(alertId !== "" && { alert_id: alertId }),
    };
  }
  const load = {
    mix: mixOf(values),
    seed: values.seed === "" ? null : Number(values.seed),
    id_prefix: values.id_prefix || null,
  };
  return values.kind === "burst"
    ? { kind: "burst", count: Number(values.count), ...load }
    : { kind: "continuous", rps: Number(values.rps), duration: Number(values.duration), ...load };
}

function mixOf(values: JobValues): Mix {
  const weights = Object.entries(values.severities).filter(([, weight]) => weight !== "");
  return {
    severities: Object.fromEntries(weights.map(([severity, weight]) => [severity, Number(weight)])),
    sources: Object.fromEntries(values.sources.map(({ source, weight }) => [source, Number(weight)])),
    skew: Number(values.skew),
    unmatched: share(values.unmatched),
    duplicates: share(values.duplicates),
    context_keys: Number(values.context_keys),
    context_value_bytes: Number(values.context_value_bytes),
  };
}

/**
 * The values that make a job like this one again. Not its ids: with the same ones, its alerts would be repetitions of
 * the first job's, and nobody would be notified.
 */
export function valuesOf(job: Job): JobValues {
  const { kind, rps, duration, total, seed, mix, alert } = job;
  return {
    ...EMPTY_JOB,
    kind,
    ...(rps != null && { rps }),
    ...(duration != null && { duration }),
    ...(kind === "burst" && total !== null && { count: total }),
    seed: seed ?? "",
    ...(mix && {
      ...mix,
      sources: Object.entries(mix.sources).map(([source, weight]) => ({ source, weight })),
      unmatched: percent(mix.unmatched),
      duplicates: percent(mix.duplicates),
    }),
    ...(alert && {
      severity: alert.severity,
      source: alert.source,
      name: alert.name,
      context: Object.entries(alert.context).map(([key, value]) => ({ key, value })),
    }),
  };
}
