/** Rates and latencies as people read them. */

import { compactNumber, formatNumber } from "@/components/numbers";
import { duration } from "@/components/time";

/** `1.2K/s`, `12/s`, `1.5/s`; what is rarer, by the minute: `6/min`. A dash when it is not known. */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return "–";
  if (perSecond >= 10_000) return `${compactNumber(perSecond)}/s`;
  if (perSecond >= 10) return `${formatNumber(Math.round(perSecond))}/s`;
  if (perSecond >= 1) return `${formatNumber(perSecond)}/s`;
  return perSecond === 0 ? "0/s" : `${formatNumber(Math.max(1, Math.round(perSecond * 60)))}/min`;
}

/** `0.4 ms`, `12 ms`, `3.2 s`; a dash when nothing was handled. */
export function formatLatency(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return "–";
  const text = milliseconds < 10 ? `${formatNumber(milliseconds)} ms` : duration(milliseconds);
  return text.replaceAll(" ", "\u00a0");
}

/** A rate, in the words of one who does not see how it is shortened. */
export const rateInWords = (perSecond: number | null | undefined): string =>
  formatRate(perSecond).replace("/s", " a second").replace("/min", " a minute").replace("–", "an unknown number");
