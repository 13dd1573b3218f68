import type { PipelineFigures, ServiceFigures } from "@/components/platform/queries";
import { formatLatency } from "@/components/platform/figures";
import { titleOf, SERVICES } from "@/components/platform/services";
import { stateOf } from "@/components/platform/state";
import { StateWord } from "@/components/platform/StateWord";
import { AnchorLink } from "@/components/links";
import { plural } from "@/components/numbers";
import styles from "./Drawing.module.css";

interface StageProps {
  service: string;
  figures: PipelineFigures;
  /** In place of the latencies, where a service has none. */
  note?: string | undefined;
}

/** A service in the drawing, which leads to its page. */
export function Stage({ service, figures, note }: StageProps) {
  const state = stateOf(service, figures);
  const found = figures.services?.find((each) => each.service === service);
  return (
    <div className={`surface ${styles.stage}`} data-tone={state.tone}>
      <AnchorLink to="/services/$service" params={{ service }} className={styles.name} c="inherit">
        {titleOf(service)}
      </AnchorLink>
      <div className={styles.state}>
        <StateWord state={state} />
        {found && <span className={styles.small}>{plural(found.instances.length, "process", "processes")}</span>}
      </div>
      {found && <Times service={found} note={note} />}
      {state.why !== undefined && state.state !== "off" && <div className={styles.why}>{state.why}</div>}
    </div>
  );
}

function Times({ service, note }: { service: ServiceFigures; note: string | undefined }) {
  const { p50, p99 } = service.latency_ms;
  if (note !== undefined) return <div className={`numbers ${styles.small}`}>{note}</div>;
  if (p50 === null || p50 === undefined) return <div className={styles.small}>idle</div>;
  const times = SERVICES[service.service]?.times ?? "";
  return (
    <dl className={`numbers ${styles.times}`}>
      <div title={`half take no longer, ${times}`}>
        <dt>p50</dt>
        <dd>{formatLatency(p50)}</dd>
      </div>
      <div title={`99 of 100 take no longer, ${times}`}>
        <dt>p99</dt>
        <dd>{formatLatency(p99)}</dd>
      </div>
    </dl>
  );
}
