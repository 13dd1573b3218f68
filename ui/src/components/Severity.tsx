import IconAlertOctagon from "@tabler/icons-react/icons/IconAlertOctagon";
import IconAlertTriangle from "@tabler/icons-react/icons/IconAlertTriangle";
import IconAsterisk from "@tabler/icons-react/icons/IconAsterisk";
import IconChevronUp from "@tabler/icons-react/icons/IconChevronUp";
import IconMinus from "@tabler/icons-react/icons/IconMinus";
import type { ComponentProps } from "react";
import { Tone } from "./Tone";

export const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;
export const RULE_SEVERITIES = [...SEVERITIES, "*"] as const;
export type SeverityName = (typeof RULE_SEVERITIES)[number];

type Look = Pick<ComponentProps<typeof Tone>, "tone" | "icon"> & { word: string };

export const SEVERITY_LOOKS: Readonly<Record<SeverityName, Look>> = {
  CRITICAL: { tone: "critical", icon: IconAlertOctagon, word: "Critical" },
  HIGH: { tone: "high", icon: IconAlertTriangle, word: "High" },
  MEDIUM: { tone: "medium", icon: IconChevronUp, word: "Medium" },
  LOW: { tone: "low", icon: IconMinus, word: "Low" },
  "*": { tone: "quiet", icon: IconAsterisk, word: "Any" },
};

// What an alert has whose producer gave none.
const NOT_SAID: Look = { tone: "quiet", word: "Not said" };

/** An alert's severity, or a rule's, for which `*` means any. */
export function Severity({ value }: { value: string }) {
  const { tone, icon, word } = value in SEVERITY_LOOKS ? SEVERITY_LOOKS[value as SeverityName] : NOT_SAID;
  return (
    <Tone tone={tone} {...(icon && { icon })}>
      {word}
    </Tone>
  );
}
