import { UnstyledButton } from "@mantine/core";
import { Severity } from "@/components/Severity";
import { Tone } from "@/components/Tone";
import type { PreviewAlert } from "../api/previewAlert";
import styles from "./TryAlert.module.css";

interface PreviewedAlertsProps {
  alerts: readonly PreviewAlert[];
  onChoose: (alert: PreviewAlert) => void;
}

/** What ingest makes of what was pasted, to choose one from. */
export function PreviewedAlerts({ alerts, onChoose }: PreviewedAlertsProps) {
  return (
    <ul className={styles.previewed} aria-label="Alerts that were read">
      {alerts.map((alert, place) => (
        <li key={place}>
          <UnstyledButton className={styles.choice} onClick={() => onChoose(alert)} disabled={!alert.firing}>
            <Severity value={alert.severity} />
            <span>
              <strong>{alert.name}</strong> of {alert.source}
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
