/** Moments and durations in words, in the browser's time zone. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const DAY_AND_CLOCK = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
const dayAndClock = new Intl.DateTimeFormat("en-GB", DAY_AND_CLOCK);
const yearToo = new Intl.DateTimeFormat("en-GB", { ...DAY_AND_CLOCK, year: "numeric" });

/** `3 minutes ago`, `in 2 hours`; seconds count only when they are few. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  if (Math.abs(seconds) < 2) return "now";
  return relative.format(seconds, "second");
}

export const absoluteTime = (at: Date): string => absolute.format(at);
export const clockTime = (at: Date): string => clock.format(at);
export const shortTime = (at: Date): string => dayAndClock.format(at);

/** `24 Nov, 15:04`, and `24 Nov 2027, 15:04` when that is not this year's. */
export const datedTime = (at: Date, now: Date): string =>
  at.getFullYear() === now.getFullYear() ? shortTime(at) : yearToo.format(at);

/** `450 ms`, `3.2 s`, `2 min 5 s`, `1 h 4 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return together(Math.trunc(whole / MINUTE), "min", whole % MINUTE, "s");
  return together(Math.trunc(whole / HOUR), "h", Math.trunc((whole % HOUR) / MINUTE), "min");
}

function together(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** The zone that every time on the page is in: `Europe/Berlin, UTC+1`. */
export function timeZone(now: Date): string {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions();
  const minutes = -now.getTimezoneOffset();
  const hours = Math.trunc(Math.abs(minutes) / MINUTE);
  const rest = Math.abs(minutes) % MINUTE;
  const offset = `UTC${minutes < 0 ? "−" : "+"}${hours}${rest > 0 ? `:${String(rest).padStart(2, "0")}` : ""}`;
  return name === "UTC" ? "UTC" : `${name}, ${minutes === 0 ? "UTC" : offset}`;
}
