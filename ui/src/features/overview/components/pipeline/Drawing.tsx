import IconDatabase from "@tabler/icons-react/icons/IconDatabase";
import type { PipelineFigures } from "@/components/platform/queries";
import { formatRate } from "@/components/platform/figures";
import { AnchorLink } from "@/components/links";
import { formatNumber } from "@/components/numbers";
import { Arrow } from "./Arrow";
import styles from "./Drawing.module.css";
import { Receivers } from "./Receivers";
import { Stage } from "./Stage";

/** The platform as it is: its stages, what flows between them, what waits, and what is wrong. */
export function Drawing({ figures }: { figures: PipelineFigures }) {
  const rate = (service: string, count: "produced" | "consumed" = "produced"): number | null => {
    if (figures.services === null) return null;
    return figures.services.find((each) => each.service === service)?.rates[count] ?? 0;
  };
  const own = (service: string): string => `${formatRate(rate(service))} alerts`;
  return (
    <div className={styles.drawing}>
      <ol className={styles.flow} aria-label="From the alert to the receiver">
        <li className={styles.sources}>
          <Stage service="ingest" figures={figures} note={own("ingest")} />
          <Stage service="alert-producer" figures={figures} note={own("alert-producer")} />
        </li>
        <li>
          <Arrow rate={figures.alerts.rate} what="alerts" topic="alerts.new" to="evaluator" figures={figures} />
        </li>
        <li>
          <Stage service="evaluator" figures={figures} />
        </li>
        <li>
          <Arrow rate={rate("evaluator")} what="matched" topic="alerts.matched" to="aggregator" figures={figures} />
        </li>
        <li>
          <Stage service="aggregator" figures={figures} />
        </li>
        <li>
          <Arrow
            rate={rate("aggregator")}
            what="notifications"
            topic="notifications.ready"
            to="sender"
            figures={figures}
          />
        </li>
        <li>
          <Stage service="sender" figures={figures} />
        </li>
        <li>
          <Arrow rate={rate("sender")} what="delivered" figures={figures} />
        </li>
        <li>
          <Receivers figures={figures} />
        </li>
      </ol>
      <ol className={styles.rules} aria-label="From a changed rule to the evaluator">
        <li className={styles.service}>
          <Stage service="rule-service" figures={figures} note={versionOf("rule-service", figures)} />
        </li>
        <li className={styles.changed}>
          <Arrow
            rate={rate("rule-updater", "consumed")}
            what="changes"
            topic="rule.changed"
            to="rule-updater"
            figures={figures}
          />
        </li>
        <li className={styles.updater}>
          <Stage service="rule-updater" figures={figures} note={versionOf("rule-updater", figures)} />
        </li>
        <li className={styles.up}>
          <RulesArrow figures={figures} />
        </li>
      </ol>
      <PutAside figures={figures} />
    </div>
  );
}

function versionOf(service: string, { services }: PipelineFigures): string | undefined {
  const version = services?.find((each) => each.service === service)?.rules_version;
  return version === null || version === undefined ? undefined : `rules’ version ${formatNumber(version)}`;
}

/** From rule-updater through Redis up to the evaluator. */
function RulesArrow({ figures }: { figures: PipelineFigures }) {
  const version = versionOf("evaluator", figures);
  return (
    <div className={styles.feed}>
      <span className={styles.stem} aria-hidden />
      <span className={styles.feedText}>
        <IconDatabase size={14} aria-hidden /> Redis
        <AnchorLink to="/rules" size="xs" className="numbers">
          {version ?? "rules’ version not known"}
        </AnchorLink>
      </span>
    </div>
  );
}

/** What no stage could use. */
function PutAside({ figures: { topics } }: { figures: PipelineFigures }) {
  const aside = topics?.reduce((sum, { dead_letters }) => sum + dead_letters, 0);
  return (
    <p className={styles.aside}>
      <AnchorLink to="/dead-letters" className="numbers" {...(aside ? { fw: 600 } : {})}>
        {aside === undefined ? "Dead letters: not known" : `Dead letters: ${formatNumber(aside)}`}
      </AnchorLink>
      <span className={styles.small}>messages that no stage could use, put aside</span>
    </p>
  );
}
