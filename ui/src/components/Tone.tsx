import type { ComponentType, ReactNode } from "react";
import styles from "./Tone.module.css";

export type ToneName = "critical" | "high" | "medium" | "low" | "good" | "quiet";

interface ToneProps {
  tone: ToneName;
  icon?: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  children: ReactNode;
  title?: string | undefined;
}

/** A word on a tint: the colour only underlines what the word and the icon say. */
export function Tone({ tone, icon: Icon, children, title }: ToneProps) {
  return (
    <span className={`${styles.tone} ${styles[tone]}`} title={title}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </span>
  );
}
