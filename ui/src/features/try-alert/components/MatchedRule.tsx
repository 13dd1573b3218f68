import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { AnchorLink } from "@/components/links";
import { RuleFields } from "@/components/RuleFields";
import type { RuleMatch, TriedAlert } from "../api/matchAlert";
import { Endpoints } from "./Endpoints";
import styles from "./TryAlert.module.css";

/** A rule, why it matches, and where it leads. */
export function MatchedRule({ match, alert }: { match: RuleMatch; alert: TriedAlert }) {
  return (
    <div className={styles.match}>
      <div className={styles.rule}>
        <RuleTitle rule={match} />
        <RuleFields rule={match} alert={alert} />
      </div>
      <Endpoints match={match} />
    </div>
  );
}

/** What names a rule, with the way to it; `whose` says for whom it is. */
export function RuleTitle({ rule, whose }: { rule: RuleMatch; whose?: ReactNode }) {
  const { rule_id: ruleId, source, name, description } = rule;
  return (
    <div className={styles.title}>
      <Group gap={6}>
        <AnchorLink to="/rules/$ruleId" params={{ ruleId }} fw={600}>
          {source === "*" ? "Any source" : source} / {name === "*" ? "any name" : name}
        </AnchorLink>
        {whose}
      </Group>
      {description !== "" && (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {description}
        </Text>
      )}
    </div>
  );
}
