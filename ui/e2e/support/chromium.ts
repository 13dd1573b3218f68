import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the system's Chromium is; none is ever downloaded. */
export function chromium(): string {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(folder, "chromium");
    if (existsSync(program)) return program;
  }
  throw new Error("There is no chromium on the PATH: apt-get install chromium");
}
