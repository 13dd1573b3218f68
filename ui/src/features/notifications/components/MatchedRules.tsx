import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { AnchorLink } from "@/components/links";
import { plural } from "@/components/numbers";
import { RuleFields } from "@/components/RuleFields";
import { Tone } from "@/components/Tone";
import type { MatchedRule, NotificationDetail } from "../api/getNotification";
import styles from "./Timeline.module.css";

const SHOWN_AT_FIRST = 5;

/** The rules that matched, each with what of it is the alert's own. */
export function MatchedRules({ notification }: { notification: NotificationDetail }) {
  const [opened, { open }] = useDisclosure();
  const { rules } = notification;
  const shown = opened ? rules : rules.slice(0, SHOWN_AT_FIRST);
  return (
    <div>
      {shown.map((rule) => (
        <Rule key={rule.id} rule={rule} notification={notification} />
      ))}
      {shown.length < rules.length && (
        <Button size="xs" variant="default" onClick={open} mt="xs">
          Show {plural(rules.length - shown.length, "more rule")}
        </Button>
      )}
    </div>
  );
}

function Rule({ rule, notification }: { rule: MatchedRule; notification: NotificationDetail }) {
  const { id, severity, source, name, description } = rule;
  if (severity === null || source === null || name === null) {
    return (
      <div className={styles.rule}>
        <Text size="sm">
          A rule that was deleted since (<code>{id}</code>)
        </Text>
      </div>
    );
  }
  return (
    <div className={styles.rule}>
      <Group gap="xs">
        <AnchorLink to="/rules/$ruleId" params={{ ruleId: id }} size="sm" fw={600} lineClamp={2}>
          {description || `${source} / ${name}`}
        </AnchorLink>
        {rule.changed_since && (
          <Tone tone="medium" title="What it says now need not be why it matched then">
            Changed since
          </Tone>
        )}
        {rule.enabled === false && <Tone tone="quiet">Off now</Tone>}
      </Group>
      <RuleFields rule={{ severity, source, name }} alert={notification} />
    </div>
  );
}
