import { Group, Text } from "@mantine/core";
import IconAlertTriangle from "@tabler/icons-react/icons/IconAlertTriangle";
import IconChevronRight from "@tabler/icons-react/icons/IconChevronRight";
import IconCircleCheck from "@tabler/icons-react/icons/IconCircleCheck";
import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { useNow } from "@/components/now";
import { Outages } from "@/components/platform/Outages";
import type { PipelineFigures } from "@/components/platform/queries";
import { Tone } from "@/components/Tone";
import type { Failing } from "../api/failing";
import styles from "./Attention.module.css";
import { attentionLines, type Line } from "./attention";

/** What fails now, first; each line leads to where one can see or end it. */
export function Attention({ failing, figures }: { failing: Failing; figures: PipelineFigures | undefined }) {
  const lines = attentionLines(failing, figures, useNow(), useSession().role === "admin");
  const parts = { ...failing.parts, ...figures?.parts };
  const known = Object.values(parts).every((state) => state === "ok");
  return (
    <>
      <Outages parts={parts} />
      {lines.length > 0 ? (
        <ul className={styles.lines} aria-label="What fails now">
          {lines.map((line) => (
            <AttentionLine key={line.key} line={line} />
          ))}
        </ul>
      ) : (
        known && <AllWell />
      )}
    </>
  );
}

function AttentionLine({ line: { tone, word, what, detail, link } }: { line: Line }) {
  return (
    <li>
      <Link {...link} className={styles.line}>
        <span className={styles.word}>
          <Tone tone={tone} icon={IconAlertTriangle}>
            {word}
          </Tone>
        </span>
        <span className={styles.text}>
          <span className={styles.what}>{what}</span>
          {detail !== undefined && <span className={styles.detail}>{detail}</span>}
        </span>
        <IconChevronRight size={16} aria-hidden className={styles.go} />
      </Link>
    </li>
  );
}

function AllWell() {
  return (
    <Group gap="xs" wrap="nowrap" c="green">
      <IconCircleCheck size={20} aria-hidden />
      <Text>Nothing fails now.</Text>
    </Group>
  );
}
