/** How persistently an endpoint is tried, in words. The delays of the profiles are settings of the senders, which nobody else knows. */

import type { components } from "@/api/schema/rule-service";

type Retry = components["schemas"]["Retry"];
export type Profile = Retry["profile"];

export const PROFILES: readonly { value: Profile; label: string; help: string; expires: string }[] = [
  {
    value: "standard",
    label: "Standard",
    help: "Soon at first, then less and less often, for hours. Whoever runs the platform sets how often.",
    expires: "24 h",
  },
  {
    value: "page",
    label: "Urgent",
    help: "In quick succession, for minutes: for what wakes somebody up. Whoever runs the platform sets how often.",
    expires: "15 min",
  },
  {
    value: "custom",
    label: "Your own",
    help: "You say how long to wait before each further attempt.",
    expires: "24 h",
  },
];

export const profileInWords = (profile: Profile) => PROFILES.find(({ value }) => value === profile) ?? PROFILES[0];

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, m: 60, h: 3600, d: 86_400 };
const MOST_DELAYS = 20;
const LONGEST_DELAY = 86_400;
const LEAST_AGE = 60;
const MOST_AGE = 604_800;

/** Read `90`, `90 s`, `5 min`, `2h` or `1 d` as seconds. */
export function readDuration(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)?$/.exec(text.trim().toLowerCase());
  if (found === null) return undefined;
  return Number(found[1]) * (UNITS[found[2] ?? "s"] ?? 1);
}

/** Write seconds as they are read: in the largest unit that they are a whole number of. */
export function writeDuration(seconds: number): string {
  const unit = ["d", "h", "min"].find((name) => seconds > 0 && seconds % (UNITS[name] ?? 1) === 0) ?? "s";
  return `${seconds / (UNITS[unit] ?? 1)} ${unit}`;
}

export const readDelays = (text: string): (number | undefined)[] =>
  text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(readDuration);

export function delaysFault(text: string): string | null {
  const delays = readDelays(text);
  if (delays.length === 0) return "Enter how long to wait before each attempt, such as 10 s, 1 min, 5 min.";
  if (delays.length > MOST_DELAYS) return `${MOST_DELAYS} delays at most.`;
  if (delays.includes(undefined))
    return "Write each as a number with s, min or h, with commas between: 10 s, 1 min, 5 min.";
  if (delays.some((delay = 0) => delay < 1 || delay > LONGEST_DELAY)) return "Each is between 1 s and 24 h.";
  return null;
}

export function ageFault(text: string): string | null {
  if (text.trim() === "") return null;
  const seconds = readDuration(text);
  if (seconds === undefined) return "Write a number with s, min, h or d: 15 min.";
  if (seconds < LEAST_AGE || seconds > MOST_AGE) return "It is between 1 min and 7 d.";
  return null;
}
