import { Group, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import styles from "./Facts.module.css";

interface PanelProps {
  title: string;
  /** At the title's right. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a page, on a card with a heading. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className={`surface ${styles.panel}`} aria-labelledby={id}>
      <Group justify="space-between" mb="sm" gap="sm">
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
