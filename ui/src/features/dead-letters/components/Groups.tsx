import { Button, Group, Text } from "@mantine/core";
import { formatNumber } from "@/components/numbers";
import type { LetterCount } from "../api/letters";
import styles from "./DeadLetters.module.css";
import type { Order } from "./HandleDialog";
import { reasonInWords, topicInWords, type Topic } from "./words";

interface GroupsProps {
  groups: readonly LetterCount[];
  /** Whether they could all be counted. */
  complete: boolean;
  chosen: { topic?: string | undefined; reason?: string | undefined };
  onChoose: (group: LetterCount | undefined) => void;
  onOrder: (order: Order) => void;
}

/** How many wait for what reason: one card for each topic and reason. */
export function Groups({ groups, complete, chosen, onChoose, onOrder }: GroupsProps) {
  return (
    <ul className={styles.groups} aria-label="By topic and reason">
      {groups.map((group) => (
        <GroupCard
          key={`${group.topic} ${group.reason}`}
          group={group}
          complete={complete}
          chosen={group.topic === chosen.topic && group.reason === chosen.reason}
          onChoose={onChoose}
          onOrder={onOrder}
        />
      ))}
    </ul>
  );
}

interface GroupCardProps extends Omit<GroupsProps, "groups" | "chosen"> {
  group: LetterCount;
  chosen: boolean;
}

function GroupCard({ group, complete, chosen, onChoose, onOrder }: GroupCardProps) {
  const { topic, reason, count } = group;
  const { word, meaning } = reasonInWords(reason);
  const which = { topic: topic as Topic, reason, count };
  const name = `${topicInWords(topic)}: ${word}`;
  return (
    <li className={`surface ${styles.group}`} data-chosen={chosen || undefined}>
      <Group justify="space-between" align="baseline" wrap="nowrap" gap="sm">
        <div>
          <Text fw={600}>{word}</Text>
          <Text size="sm" c="dimmed" title={topic}>
            {topicInWords(topic)}
          </Text>
        </div>
        <span className={`numbers ${styles.count}`}>
          {formatNumber(count)}
          {!complete && "+"}
        </span>
      </Group>
      <Text size="sm">{meaning}</Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          aria-pressed={chosen}
          aria-label={`${chosen ? "Show all" : "Show these"}: ${name}`}
          onClick={() => onChoose(chosen ? undefined : group)}
        >
          {chosen ? "Show all" : "Show these"}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={`Replay all …: ${name}`}
          onClick={() => onOrder({ verb: "replay", which })}
        >
          Replay all …
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={`Drop all …: ${name}`}
          onClick={() => onOrder({ verb: "drop", which })}
        >
          Drop all …
        </Button>
      </Group>
    </li>
  );
}
