/** Until when a key is to be valid, as one chooses it and as the API wants it. */

export const EXPIRIES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "never", label: "No end" },
  { value: "moment", label: "A moment of your choice" },
] as const;

const DAY = 24 * 60 * 60 * 1000;

/** The moment as RFC 3339; null for no end, and undefined when the chosen moment is none. */
export function expiryOf(choice: string, moment: string, now: Date): string | null | undefined {
  if (choice === "never") return null;
  if (choice !== "moment") return new Date(now.getTime() + Number(choice) * DAY).toISOString();
  const chosen = new Date(moment);
  return Number.isNaN(chosen.getTime()) ? undefined : chosen.toISOString();
}
