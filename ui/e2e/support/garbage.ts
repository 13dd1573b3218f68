import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { settingOf } from "./processes";
import { PYTHON, ROOT } from "./root";

/** Write messages into a topic that no service can read; the services put them aside as dead letters. */
export async function writeGarbage(topic: string, key: string, ...texts: string[]): Promise<void> {
  const broker = settingOf("ALERTING_KAFKA_BOOTSTRAP_SERVERS");
  await promisify(execFile)(PYTHON, [`${ROOT}/ui/e2e/support/write_garbage.py`, broker, topic, key, ...texts]);
}
