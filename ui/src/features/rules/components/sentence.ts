/** What a rule matches, read as a sentence. */

import { SEVERITY_LOOKS } from "@/components/Severity";
import type { Rule } from "../api/rules";

export type Match = Pick<Rule, "severity" | "source" | "name">;

export const ANY = "*";

/** `source / name`, as rules are called everywhere. */
export const titleOf = ({ source, name }: Pick<Rule, "source" | "name">): string => `${source} / ${name}`;

/** `Critical alerts named “DiskFull” from “db”`. */
export function inWords({ severity, source, name }: Match): string {
  if (severity === ANY && source === ANY && name === ANY) return "Every alert";
  const which = severity === ANY ? "Alerts of any severity" : `${SEVERITY_LOOKS[severity].word} alerts`;
  const named = name === ANY ? "with any name" : `named “${name}”`;
  const from = source === ANY ? "from any source" : `from “${source}”`;
  return `${which} ${named}, ${from}`;
}

export const RELATIONS = {
  same: {
    word: "The same",
    help: "It matches exactly the same alerts. A client has one rule for them; change this one or that one.",
  },
  wider: { word: "Wider", help: "It matches all of these alerts, and others." },
  narrower: { word: "Narrower", help: "It matches some of these alerts, and no others." },
  crossing: { word: "Crossing", help: "It matches some of these alerts, and some others." },
} as const;
