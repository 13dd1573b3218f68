import { Group, Loader, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { describeError } from "@/api/problem";
import { AnchorLink } from "@/components/links";
import { plural } from "@/components/numbers";
import { Panel } from "@/components/Panel";
import { Severity } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import { type Overlap, overlapsQuery, type Pattern } from "../api/overlaps";
import styles from "./OverlapPanel.module.css";
import { RELATIONS, titleOf } from "./sentence";

interface OverlapPanelProps {
  /** As it stands in the form now. */
  pattern: Pattern;
  /** The rule itself, when there is one already. */
  except?: string;
}

const PAUSE_MILLISECONDS = 300;
const ORDER = ["same", "wider", "narrower", "crossing"] as const;

/** Which of the client's rules match some of the same alerts, while one types. */
export function OverlapPanel({ pattern, except }: OverlapPanelProps) {
  const [settled] = useDebouncedValue(JSON.stringify(pattern), PAUSE_MILLISECONDS);
  const asked = JSON.parse(settled) as Pattern;
  const complete = asked.client_id !== "" && asked.source !== "" && asked.name !== "";
  const query = useQuery({ ...overlapsQuery(asked, except), enabled: complete });
  return (
    <Panel title="Overlaps" aside={query.isFetching && <Loader size="xs" aria-label="Looking" />}>
      <div role="status">
        {!complete ? (
          <Quiet>Say what the rule matches; the rules that match some of the same alerts appear here.</Quiet>
        ) : query.isError ? (
          <Quiet>{describeError(query.error)}</Quiet>
        ) : query.data ? (
          <Found items={query.data.items} more={query.data.more} />
        ) : (
          <Quiet>Looking …</Quiet>
        )}
      </div>
    </Panel>
  );
}

function Found({ items, more }: { items: readonly Overlap[]; more: boolean }) {
  if (items.length === 0) return <Quiet>No other rule matches any of these alerts.</Quiet>;
  return (
    <Stack gap="md">
      <Text size="sm">
        {more
          ? `More than ${items.length} rules match`
          : items.length === 1
            ? "1 rule matches"
            : `${plural(items.length, "rule")} match`}{" "}
        some of the same alerts. An address that several of them name is told once.
      </Text>
      {ORDER.map((relation) => (
        <Related key={relation} relation={relation} items={items.filter((item) => item.relation === relation)} />
      ))}
    </Stack>
  );
}

function Related({ relation, items }: { relation: Overlap["relation"]; items: readonly Overlap[] }) {
  if (items.length === 0) return null;
  const { word, help } = RELATIONS[relation];
  return (
    <section aria-label={word}>
      <Text size="sm" fw={600} c={relation === "same" ? "var(--tone-high)" : undefined}>
        {word}
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {help}
      </Text>
      <ul className={styles.rules}>
        {items.map(({ rule }) => (
          <li key={rule.id}>
            <Group gap={6}>
              <Severity value={rule.severity} />
              <AnchorLink to="/rules/$ruleId" params={{ ruleId: rule.id }} size="sm" target="_blank">
                {titleOf(rule)}
                <span className="visually-hidden"> (in a new tab)</span>
              </AnchorLink>
              {!rule.enabled && <StatusBadge value="off" />}
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
