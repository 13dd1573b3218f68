/** The processes that `alerting up` started, as Linux tells of them. */

import { readdirSync, readFileSync } from "node:fs";
import { platform } from "./platform";

function read(pid: string, what: "cmdline" | "environ" | "status"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** The id of a service's process. */
export function pidOf(service: string): number {
  const parent = `PPid:\t${platform().pid}\n`;
  const command = `\0alerting\0${service}\0`;
  const found = readdirSync("/proc").find(
    (pid) => /^\d+$/.test(pid) && read(pid, "cmdline").includes(command) && read(pid, "status").includes(parent),
  );
  if (found === undefined) throw new Error(`no process of ${service}`);
  return Number(found);
}

/** A setting that the services have: where the broker is, and the like. */
export function settingOf(name: string): string {
  const found = read(String(pidOf("ingest")), "environ")
    .split("\0")
    .find((each) => each.startsWith(`${name}=`));
  if (found === undefined) throw new Error(`the services have no ${name}`);
  return found.slice(name.length + 1);
}
