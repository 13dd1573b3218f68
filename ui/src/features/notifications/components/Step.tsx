import type { ComponentType, ReactNode } from "react";
import { absoluteTime } from "@/components/time";
import type { ToneName } from "@/components/Tone";
import styles from "./Timeline.module.css";

interface StepProps {
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  tone?: ToneName;
  title: ReactNode;
  /** RFC 3339; none for what has no single moment. */
  at?: string | undefined;
  /** Beside the moment: how long after the one before. */
  note?: string | undefined;
  children?: ReactNode;
}

/** One step of a timeline: a mark on the line, what happened, and when. */
export function Step({ icon: Icon, tone = "quiet", title, at, note, children }: StepProps) {
  return (
    <li className={styles.step}>
      <span className={styles.mark} data-tone={tone}>
        <Icon size={16} aria-hidden />
      </span>
      <div className={styles.head}>
        <span className={styles.title}>{title}</span>
        {at !== undefined && (
          <span className={styles.when}>
            <time dateTime={at}>{absoluteTime(new Date(at))}</time>
            {note !== undefined && <> · {note}</>}
          </span>
        )}
      </div>
      {children}
    </li>
  );
}
