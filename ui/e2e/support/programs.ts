/** What only Python's clients can do: beside the platform's own interfaces, and straight into its servers. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { settingOf } from "./processes";
import { PYTHON, ROOT } from "./root";

const run = async (program: string, ...words: string[]): Promise<void> => {
  await promisify(execFile)(PYTHON, [`${ROOT}/ui/e2e/support/${program}`, ...words]);
};

/** Write messages into a topic that no service can read; the services put them aside as dead letters. */
export const writeGarbage = (topic: string, key: string, ...texts: string[]): Promise<void> =>
  run("write_garbage.py", settingOf("ALERTING_KAFKA_BOOTSTRAP_SERVERS"), topic, key, ...texts);

/** Write a day of notifications, as if the platform had run that long. */
export const writeNotifications = (): Promise<void> =>
  run("write_notifications.py", settingOf("ALERTING_POSTGRES_DSN"));

/** Write a day of figures. */
export const writeSamples = (): Promise<void> => run("write_samples.py", settingOf("ALERTING_REDIS_URL"));
