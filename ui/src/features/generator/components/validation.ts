import type { Catalog } from "../api/jobs";
import { formatNumber } from "@/components/numbers";
import type { JobValues, Typed } from "./values";

const MOST_CONTEXT_BYTES = 16_384;

const within = (value: Typed, least: number, most: number): string | null =>
  value === "" || Number(value) < least || Number(value) > most
    ? `From ${formatNumber(least)} to ${formatNumber(most)}.`
    : null;

/** What can be said of the form's values before they are sent; by the limits that this deployment has set. */
export function faultsOf(values: JobValues, limits: Catalog["limits"]): Record<string, string> {
  const found: Record<string, string | null> = values.kind === "one" ? ofOne(values) : ofLoad(values, limits);
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== null));
}

function ofOne({ source, name, context }: JobValues): Record<string, string | null> {
  const faults: Record<string, string | null> = {
    source: source === "" ? "Say what it comes from." : null,
    name: name === "" ? "Give it a name." : null,
  };
  context.forEach(({ key }, place) => {
    const twice = context.findIndex((other) => other.key === key) !== place;
    faults[`context.${place}.key`] = key === "" ? "Give it a name." : twice ? "It is there already." : null;
  });
  return faults;
}

function ofLoad(values: JobValues, limits: Catalog["limits"]): Record<string, string | null> {
  const { kind, context_keys: keys, context_value_bytes: bytes } = values;
  const large = Number(keys) * Number(bytes) > MOST_CONTEXT_BYTES;
  const weights = Object.values(values.severities).filter((weight) => weight !== "");
  const allZero = weights.length > 0 && weights.every((weight) => Number(weight) === 0);
  return {
    ...(kind === "burst"
      ? { count: within(values.count, 1, limits.max_count) }
      : {
          rps: within(values.rps, 0.001, limits.max_rps),
          duration: within(values.duration, 0.001, limits.max_duration),
        }),
    severities: allZero ? "One weight has to be more than 0." : null,
    skew: within(values.skew, 0, 5),
    unmatched: within(values.unmatched, 0, 100),
    duplicates: within(values.duplicates, 0, 100),
    context_keys: within(keys, 0, 64),
    context_value_bytes: large
      ? `Together they may have ${formatNumber(MOST_CONTEXT_BYTES)} bytes.`
      : within(bytes, 0, MOST_CONTEXT_BYTES),
  };
}
