import { UnstyledButton } from "@mantine/core";
import { Severity } from "@/components/Severity";
import { Tone } from "@/components/Tone";
import type { PreviewAlert } from "../api/previewAlert";
import type { TrySearch } from "../search";
import styles from "./TryAlert.module.css";

interface PreviewedAlertsProps {
  alerts: readonly PreviewAlert[];
  /** The one that is tried now. */
  chosen: TrySearch;
  onChoose: (alert: PreviewAlert) => void;
}

const isSame = (alert: PreviewAlert, { severity, source, name }: TrySearch): boolean =>
  alert.severity === severity && alert.source === source && alert.name === name;

/** What ingest makes of what was pasted, to choose one from. */
export function PreviewedAlerts({ alerts, chosen, onChoose }: PreviewedAlertsProps) {
  return (
    <ul className={styles.previewed} aria-label="Alerts that were read">
      {alerts.map((alert, place) => (
        <li key={place}>
          <UnstyledButton
            className={styles.choice}
            onClick={() => onChoose(alert)}
            disabled={!alert.firing}
            aria-pressed={alert.firing && isSame(alert, chosen)}
          >
            <Severity value={alert.severity} />
            <span>
              <strong>{alert.name}</strong> from {alert.source}
            </span>
            {!alert.firing && (
              <Tone tone="quiet" title="it only ends an alert, so nobody is told">
                Resolved
              </Tone>
            )}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
