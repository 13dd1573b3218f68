import { plural } from "@/components/numbers";
import { duration } from "@/components/time";
import type { Job } from "../api/jobs";

/** A job's title: what it was asked for. */
export function titleOf({ kind, total, rps, duration: seconds, alert }: Job): string {
  if (kind === "one") return alert ? `One alert: ${alert.source} / ${alert.name}` : "One alert";
  if (kind === "burst") return `Burst of ${plural(total ?? 0, "alert")}`;
  return `${plural(rps ?? 0, "alert")} a second for ${duration((seconds ?? 0) * 1000)}`;
}

/** How far it is, in per cent. */
export const progressOf = ({ acknowledged, total }: Job): number =>
  total ? Math.min(100, (acknowledged / total) * 100) : 0;
