/** What the tests know of the platform that they run against. */

export interface Platform {
  /** Of the UI and its API. */
  url: string;
  ingest: string;
  adminKey: string;
  /** Of the receivers on loopback. */
  receivers: string;
  /** The process of `alerting up`. */
  pid: number;
}

const VARIABLE = "ALERTING_E2E_PLATFORM";

/** Hand it on to the processes in which the tests run. */
export function publish(platform: Platform): void {
  process.env[VARIABLE] = JSON.stringify(platform);
}

export const isPublished = (): boolean => process.env[VARIABLE] !== undefined;

export function platform(): Platform {
  return JSON.parse(process.env[VARIABLE] ?? "") as Platform;
}
