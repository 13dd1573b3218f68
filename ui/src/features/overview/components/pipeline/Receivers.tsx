import type { PipelineFigures } from "@/components/platform/queries";
import { AnchorLink } from "@/components/links";
import { compactNumber, formatNumber } from "@/components/numbers";
import styles from "./Drawing.module.css";

const TYPES = [
  { type: "email", title: "E-mail" },
  { type: "slack", title: "Slack" },
  { type: "webhook", title: "Webhook" },
  { type: "apprise", title: "Apprise" },
] as const;

/** Where notifications go: of each kind of receiver, what arrived in the last day and what did not. */
export function Receivers({ figures }: { figures: PipelineFigures }) {
  const counts = figures.notifications?.deliveries_by_type;
  return (
    <div className={`surface ${styles.stage}`}>
      <span className={styles.name}>Receivers</span>
      <div className={styles.small}>{counts ? "in the last 24 hours" : "PostgreSQL does not answer"}</div>
      <ul className={styles.types}>
        {TYPES.map(({ type, title }) => (
          <li key={type}>
            <AnchorLink to="/endpoints" search={{ type }} size="sm">
              {title}
            </AnchorLink>
            {counts && <Delivered counts={counts[type] ?? {}} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Delivered({ counts }: { counts: Readonly<Record<string, number>> }) {
  const { DELIVERED: delivered = 0, FAILED: failed = 0, EXPIRED: expired = 0, PENDING: waiting = 0 } = counts;
  const lost = failed + expired;
  const all = `delivered ${formatNumber(delivered)}, failed ${formatNumber(lost)}, still tried ${formatNumber(waiting)}`;
  return (
    <span className={`numbers ${styles.delivered}`} title={all}>
      <span>
        {compactNumber(delivered)}
        {delivered + lost + waiting > 0 && <span className={styles.small}> delivered</span>}
      </span>
      {lost > 0 && <span className={styles.lost}>{compactNumber(lost)} failed</span>}
      {waiting > 0 && <span className={styles.small}>{compactNumber(waiting)} still tried</span>}
    </span>
  );
}
