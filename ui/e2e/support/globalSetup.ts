import { existsSync } from "node:fs";
import { isPublished, publish } from "./platform";
import { startReceivers } from "./receivers";
import { startUp } from "./up";
import { ROOT } from "./root";

/** Start the receivers and the whole platform; what is returned stops them. One that is named already is used as it is. */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (isPublished()) return undefined;
  if (!existsSync(`${ROOT}/services/alerting/ui_dist/index.html`)) throw new Error("The UI is not built: make ui");
  const receivers = await startReceivers();
  try {
    const up = await startUp();
    publish({ ...up.platform, receivers: receivers.url });
    return async () => {
      await up.stop();
      await receivers.stop();
    };
  } catch (error) {
    await receivers.stop();
    throw error;
  }
}
