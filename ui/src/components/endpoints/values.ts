/** An endpoint as a form has it, and the way there and back. */

import { addressFault } from "./address";
import { ageFault, delaysFault, type Profile, readDelays, readDuration, writeDuration } from "./retry";
import type { EndpointPatch } from "./queries";
import type { EndpointCreate, EndpointSummary, EndpointType } from "./types";

export interface EndpointValues {
  type: EndpointType;
  value: string;
  enabled: boolean;
  fallback: boolean;
  profile: Profile;
  /** `10 s, 1 min`, with the profile `custom`. */
  delays: string;
  /** `15 min`; empty for the profile's own. */
  max_age: string;
}

export const NEW_ENDPOINT: EndpointValues = {
  type: "email",
  value: "",
  enabled: true,
  fallback: false,
  profile: "standard",
  delays: "",
  max_age: "",
};

/** The API's names of fields that are called otherwise here. */
export const ENDPOINT_FIELDS: Readonly<Record<string, string>> = {
  "retry.delays": "delays",
  "retry.max_age": "max_age",
  "retry.profile": "profile",
  retry: "delays",
};

export function valuesOf(
  endpoint: Pick<EndpointSummary, "type" | "enabled" | "fallback" | "retry"> & { value: string },
): EndpointValues {
  const { type, value, enabled, fallback, retry } = endpoint;
  return {
    type,
    value,
    enabled,
    fallback,
    profile: retry.profile,
    delays: (retry.delays ?? []).map(writeDuration).join(", "),
    max_age: typeof retry.max_age === "number" ? writeDuration(retry.max_age) : "",
  };
}

export function bodyOf({
  type,
  value,
  enabled,
  fallback,
  profile,
  delays,
  max_age: age,
}: EndpointValues): EndpointCreate {
  const found = readDelays(delays).filter((delay) => delay !== undefined);
  return {
    type,
    value: value.trim(),
    enabled,
    fallback,
    retry: { profile, delays: profile === "custom" ? found : null, max_age: readDuration(age) ?? null },
  };
}

/** Only what differs; how it is tried again is one field of the API's. */
export function patchOf(before: EndpointValues, after: EndpointValues): EndpointPatch {
  const [then, now] = [bodyOf(before), bodyOf(after)];
  const names = ["value", "enabled", "fallback", "retry"] as const;
  const changed = names.filter((name) => JSON.stringify(then[name]) !== JSON.stringify(now[name]));
  return Object.fromEntries(changed.map((name) => [name, now[name]]));
}

/** What is wrong with each field, for a form's `validate`. */
export const ENDPOINT_VALIDATION = {
  value: (value: string, { type }: EndpointValues) => addressFault(type, value.trim()),
  delays: (delays: string, { profile }: EndpointValues) => (profile === "custom" ? delaysFault(delays) : null),
  max_age: ageFault,
};
