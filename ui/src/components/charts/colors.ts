/** What charts are drawn in: at least 3 to 1 against a card, in light and in dark. Words stand beside them. */

import type { ToneName } from "@/components/Tone";

export const CHART_COLORS: Readonly<Record<ToneName | "accent", string>> = {
  critical: "light-dark(#d6303f, #ff7b7b)",
  high: "light-dark(#e0590c, #ff9f40)",
  medium: "light-dark(#b07d00, #ffd43b)",
  low: "light-dark(#3b7dd8, #74b4fc)",
  good: "light-dark(#2f9e44, #51cf66)",
  quiet: "light-dark(#868e96, #909296)",
  accent: "light-dark(#3b5bdb, #91a7ff)",
};
