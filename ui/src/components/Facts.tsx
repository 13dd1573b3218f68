import type { ReactNode } from "react";
import styles from "./Facts.module.css";

export interface Fact {
  title: string;
  value: ReactNode;
}

/** What is known of one thing, each with its name. */
export function Facts({ facts }: { facts: readonly (Fact | false)[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter((fact) => fact !== false)
        .map(({ title, value }) => (
          <div key={title} className={styles.fact}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
