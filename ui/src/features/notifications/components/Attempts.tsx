import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconCheck from "@tabler/icons-react/icons/IconCheck";
import IconChevronRight from "@tabler/icons-react/icons/IconChevronRight";
import IconX from "@tabler/icons-react/icons/IconX";
import { sentence } from "@/api/problem";
import { CodeBlock } from "@/components/CopyField";
import { plural } from "@/components/numbers";
import { absoluteTime, duration } from "@/components/time";
import type { Attempt, Delivery } from "../api/getNotification";
import { explainAttempt } from "./explain";
import styles from "./Timeline.module.css";

const SHOWN_AT_FIRST = 6;

/** Every attempt at a delivery, the latest last; each opens to what the receiver answered. */
export function Attempts({ delivery, since }: { delivery: Delivery; since: string }) {
  const [opened, { open }] = useDisclosure();
  const { history, attempts, last_error: error } = delivery;
  if (history.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {error === null ? "Not attempted yet." : `${sentence(error)} No attempt was made.`}
      </Text>
    );
  }
  const shown = opened ? history : history.slice(-SHOWN_AT_FIRST);
  const hidden = history.length - shown.length;
  return (
    <>
      {hidden > 0 && (
        <Button size="compact-sm" variant="default" onClick={open} mt="xs">
          Show {plural(hidden, "earlier attempt")}
        </Button>
      )}
      <ol className={styles.attempts} aria-label={`Attempts at ${delivery.shown}`}>
        {shown.map((attempt) => (
          <li key={attempt.attempt}>
            <AttemptRow attempt={attempt} since={since} />
          </li>
        ))}
      </ol>
      {opened && attempts > history.length && (
        <Text size="sm" c="dimmed">
          Of {plural(attempts, "attempt")}, these are the latest.
        </Text>
      )}
    </>
  );
}

function AttemptRow({ attempt, since }: { attempt: Attempt; since: string }) {
  const { started_at: startedAt, latency_ms: latency, status_code: status, error } = attempt;
  const moment = new Date(startedAt);
  const Icon = error === null ? IconCheck : IconX;
  return (
    <details className={styles.attempt}>
      <summary>
        <IconChevronRight size={14} aria-hidden className={styles.chevron} />
        <Icon size={16} aria-hidden className={error === null ? styles.good : styles.bad} />
        <span className="numbers">
          <span className="visually-hidden">Attempt {attempt.attempt}, </span>
          {after(since, moment)}
        </span>
        <span className={`numbers ${styles.right}`} title="How long the receiver took to answer">
          {duration(latency)}
        </span>
        <span className={styles.result}>{resultOf(status, error)}</span>
      </summary>
      <Answer attempt={attempt} at={moment} />
    </details>
  );
}

/** `+2.1 s`, from the moment when the notification was recorded. */
export function after(since: string, moment: Date): string {
  return `+${duration(Math.max(moment.getTime() - Date.parse(since), 0))}`;
}

function resultOf(status: number | null, error: string | null): string {
  if (error !== null) return sentence(error);
  return status === null ? "Delivered" : `Delivered, the answer was ${status}`;
}

function Answer({ attempt, at }: { attempt: Attempt; at: Date }) {
  const meaning = explainAttempt(attempt);
  return (
    <div className={styles.answer}>
      <span className="numbers">
        Attempt {attempt.attempt}, {absoluteTime(at)}
      </span>
      {meaning !== undefined && <span>{meaning}</span>}
      {attempt.response ? (
        <CodeBlock value={attempt.response} label="the beginning of the answer" wrapped />
      ) : (
        <Text size="sm" c="dimmed">
          There was no text in the answer.
        </Text>
      )}
    </div>
  );
}
