import { Text } from "@mantine/core";
import IconCircle from "@tabler/icons-react/icons/IconCircle";
import IconCircleCheckFilled from "@tabler/icons-react/icons/IconCircleCheckFilled";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { Panel } from "@/components/Panel";
import { setUpQuery } from "../api/setUp";
import styles from "./FirstSteps.module.css";
import { stepsFor, type Step } from "./steps";

/** What to do next while nothing was ever notified; nothing when all is done. */
export function FirstSteps({ written }: { written: number | null | undefined }) {
  const admin = useSession().role === "admin";
  const { data } = useQuery(setUpQuery(admin));
  if (data === undefined) return null;
  const steps = stepsFor(data, admin, (written ?? 0) > 0);
  if (steps.every(({ done }) => done)) return null;
  const next = steps.find(({ done }) => !done);
  return (
    <Panel title="First steps">
      <Text c="dimmed" mb="sm">
        Nothing was notified in the last 24 hours. An alert reaches somebody once these are there:
      </Text>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <StepLine key={step.title} step={step} next={step === next} />
        ))}
      </ol>
    </Panel>
  );
}

function StepLine({ step, next }: { step: Step; next: boolean }) {
  const Icon = step.done ? IconCircleCheckFilled : IconCircle;
  return (
    <li className={styles.step} data-done={step.done || undefined} aria-current={next ? "step" : undefined}>
      <Icon size={22} aria-hidden className={styles.mark} />
      <div>
        <Link {...step.link} className={styles.link}>
          {step.title}
        </Link>
        {step.done && <span className="visually-hidden"> (done)</span>}
        <Text size="sm" c="dimmed">
          {step.why}
        </Text>
      </div>
    </li>
  );
}
