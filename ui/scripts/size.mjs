// Adds up what a browser loads before it shows the overview, gzipped, and fails when that is too much.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const MOST_KILOBYTES = 400;
const FIRST = ["index.html", "src/features/overview/routes/OverviewPage.tsx"];
const built = new URL("../../services/alerting/ui_dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", built), "utf8"));

/** What a chunk needs at once: itself, its styles, and what it imports other than lazily. */
function files(key, found) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const next of chunk.imports ?? []) files(next, found);
  return found;
}

let sum = 0;
const found = FIRST.reduce((found, key) => files(key, found), new Set(["index.html"]));
for (const file of found) {
  sum += gzipSync(await readFile(new URL(file, built))).length;
}
const kilobytes = Math.ceil(sum / 1000);
console.log(`first load: ${kilobytes} kB gzipped, of at most ${MOST_KILOBYTES}`);
process.exit(kilobytes > MOST_KILOBYTES ? 1 : 0);
