/** The services of a deployment as rows: those that run, and those that should. */

import type { Instance, PipelineFigures, ServiceFigures } from "@/components/platform/queries";
import { allServices, SERVICES } from "@/components/platform/services";
import { type ServiceState, stateOf, waitingFor } from "@/components/platform/state";

export interface ServiceRow {
  name: string;
  state: ServiceState;
  found: ServiceFigures | undefined;
  /** What it mainly does, a second. */
  rate: number | undefined;
  what: string | undefined;
  /** Undefined when nothing can wait for it, null when it is not known. */
  waiting: number | null | undefined;
}

export const mainCount = (name: string): "consumed" | "produced" | undefined => {
  const { takes, gives } = SERVICES[name] ?? {};
  return takes !== undefined ? "consumed" : gives !== undefined ? "produced" : undefined;
};

export function serviceRows(figures: PipelineFigures): ServiceRow[] {
  const services = figures.services ?? [];
  return allServices(services.map(({ service }) => service)).map((name) => {
    const found = services.find(({ service }) => service === name);
    const count = mainCount(name);
    const { takes, gives } = SERVICES[name] ?? {};
    return {
      name,
      state: stateOf(name, figures),
      found,
      rate: count && found?.rates[count],
      what: takes ?? gives,
      waiting: waitingFor(name, figures),
    };
  });
}

/** All processes, those of one service together; or those of one only. */
export function processes(figures: PipelineFigures, service?: string): Instance[] {
  return serviceRows(figures)
    .filter(({ name }) => service === undefined || name === service)
    .flatMap(({ found }) => found?.instances ?? []);
}
