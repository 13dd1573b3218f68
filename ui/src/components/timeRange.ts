/** A range of time in the URL: the last so long, which moves with the clock, or two moments. */

import { oneOf, time } from "./urlState";

export const PRESETS = [
  { value: "15m", label: "Last 15 minutes", seconds: 900 },
  { value: "1h", label: "Last hour", seconds: 3600 },
  { value: "6h", label: "Last 6 hours", seconds: 21_600 },
  { value: "24h", label: "Last 24 hours", seconds: 86_400 },
  { value: "7d", label: "Last 7 days", seconds: 604_800 },
] as const;

export type Preset = (typeof PRESETS)[number]["value"];

export interface TimeRange {
  last?: Preset | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** For a page's search schema. */
export const timeRangeFields = { last: oneOf(PRESETS.map(({ value }) => value)), from: time(), to: time() };

/** What to ask the API with; a span's start is rounded to the minute, so that a query stays the same for so long. */
export function boundsOf(range: TimeRange, now: Date): { from?: string; to?: string } {
  const preset = PRESETS.find(({ value }) => value === range.last);
  if (preset) {
    const minute = Math.trunc(now.getTime() / 60_000) * 60_000;
    return { from: new Date(minute - preset.seconds * 1000).toISOString() };
  }
  return { ...(range.from && { from: range.from }), ...(range.to && { to: range.to }) };
}

/** `2026-11-24T15:04` in the browser's zone, which is what the field shows. */
export function toLocalInput(at: string | undefined): string {
  if (at === undefined) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalInput(text: string): string | undefined {
  const moment = new Date(text);
  return text === "" || Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
