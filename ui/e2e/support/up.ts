/** `alerting up` with a data directory of its own: started, read, stopped by its process id. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Platform } from "./platform";
import { PYTHON, ROOT } from "./root";

interface Up {
  platform: Omit<Platform, "receivers">;
  stop: () => Promise<void>;
}

const TETHER = `${ROOT}/services/alerting/local/tether.py`;
const STARTED = "Ctrl-C stops everything.";
const STOP_MILLISECONDS = 90_000;

/** The receivers are on loopback, which a sender refuses otherwise, and can take whatever comes. */
const SETTINGS = {
  ALERTING_ALLOWED_NETWORKS: '["127.0.0.0/8"]',
  ALERTING_ALLOW_INSECURE_ENDPOINTS: "true",
  ALERTING_CHANNEL_RATES: "{}",
  ALERTING_RECEIVER_RATES: "{}",
  ALERTING_HEARTBEAT_INTERVAL: "1",
  // One of them hangs.
  ALERTING_ATTEMPT_TIMEOUT: "3",
  // So that its lines are not broken.
  COLUMNS: "200",
};

export async function startUp(): Promise<Up> {
  const folder = await mkdtemp(join(tmpdir(), "alerting-e2e-"));
  // Tied to this process, so that nothing goes on running however this one ends.
  const tied = ["-I", "-S", TETHER, String(process.pid), "15", "", `${ROOT}/.venv/bin/alerting`];
  const up = spawn(PYTHON, [...tied, "up", "--data-dir", folder], {
    env: { ...process.env, ...SETTINGS },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const stop = async (): Promise<void> => {
    await end(up);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const said = await linesUntilStarted(up);
    const adminKey = readFileSync(join(folder, "admin-key"), "utf8").trim();
    return {
      platform: { url: addressIn(said, "UI"), ingest: addressIn(said, "Ingest"), adminKey, pid: up.pid ?? 0 },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function linesUntilStarted({ stderr }: ChildProcess): Promise<string[]> {
  const said: string[] = [];
  if (stderr === null) throw new Error("alerting up has no output");
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    if (line.includes(STARTED)) {
      stderr.resume();
      return said;
    }
  }
  throw new Error(`alerting up did not start:\n${said.join("\n")}`);
}

function addressIn(lines: readonly string[], name: string): string {
  const found = lines.find((line) => line.startsWith(`${name} `))?.match(/https?:\S+/)?.[0];
  if (found === undefined) throw new Error(`alerting up does not say where ${name} is:\n${lines.join("\n")}`);
  return new URL(found).origin;
}

async function end(up: ChildProcess): Promise<void> {
  if (up.exitCode !== null || up.signalCode !== null) return;
  const ended = once(up, "exit");
  up.kill("SIGTERM");
  const late = setTimeout(() => up.kill("SIGKILL"), STOP_MILLISECONDS);
  await ended;
  clearTimeout(late);
}
