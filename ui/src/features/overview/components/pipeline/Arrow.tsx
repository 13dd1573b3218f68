import IconHourglass from "@tabler/icons-react/icons/IconHourglass";
import type { PipelineFigures } from "@/components/platform/queries";
import { formatRate, rateInWords } from "@/components/platform/figures";
import { titleOf } from "@/components/platform/services";
import { stateOf, waitingFor } from "@/components/platform/state";
import { AnchorLink } from "@/components/links";
import { compactNumber, formatNumber } from "@/components/numbers";
import styles from "./Drawing.module.css";

interface ArrowProps {
  /** A second; null when it is not known. */
  rate: number | null | undefined;
  /** What flows: `alerts`. */
  what: string;
  /** The service at its end that reads a topic; without it, nothing waits. */
  to?: string;
  topic?: string;
  figures: PipelineFigures;
}

/** What flows between two stages: how much, through which topic, and what waits there. */
export function Arrow({ rate, what, to, topic, figures }: ArrowProps) {
  const behind = to !== undefined && ["behind", "stuck", "down"].includes(stateOf(to, figures).state);
  const waiting = to === undefined ? undefined : waitingFor(to, figures);
  return (
    <div className={styles.arrow} data-flows={(rate ?? 0) > 0 || undefined}>
      <div className={`numbers ${styles.rate}`} title={`${rateInWords(rate)} ${what}`}>
        <strong>{formatRate(rate)}</strong> <span className={styles.small}>{what}</span>
      </div>
      <div className={styles.line} aria-hidden>
        <span className={styles.dot} />
      </div>
      <div className={styles.below}>
        {topic !== undefined && <code className={styles.topic}>{topic}</code>}
        {to !== undefined && <Waiting waiting={waiting} behind={behind} to={to} />}
      </div>
    </div>
  );
}

function Waiting({ waiting, behind, to }: { waiting: number | null | undefined; behind: boolean; to: string }) {
  if (waiting === null || waiting === undefined) return <span className={styles.small}>waiting: not known</span>;
  return (
    <AnchorLink
      to="/services/$service"
      params={{ service: to }}
      className={`numbers ${styles.waiting}`}
      data-behind={(behind && waiting > 0) || undefined}
      title={`messages that ${titleOf(to)} has not handled yet (its lag): ${formatNumber(waiting)}`}
    >
      {behind && waiting > 0 && <IconHourglass size={13} aria-hidden />}
      {compactNumber(waiting)} waiting
    </AnchorLink>
  );
}
