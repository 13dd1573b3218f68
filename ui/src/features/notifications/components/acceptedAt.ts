/** When ingest took an alert: it makes ids whose first 48 bits are the time, unless the sender gave one. */

const VERSION_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What an id can tell is only believed if the alert could have been on its way for so long. */
const MOST_UNDER_WAY = 24 * 3_600_000;

export function acceptedAt(alertId: string, recordedAt: string): string | undefined {
  const parts = VERSION_7.exec(alertId);
  if (parts === null) return undefined;
  const milliseconds = Number.parseInt(`${parts[1]}${parts[2]}`, 16);
  const underWay = Date.parse(recordedAt) - milliseconds;
  if (underWay < 0 || underWay > MOST_UNDER_WAY) return undefined;
  return new Date(milliseconds).toISOString();
}
