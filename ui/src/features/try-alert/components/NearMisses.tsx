import { Button, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useSession } from "@/api/session";
import { AnchorLink, ButtonLink } from "@/components/links";
import { plural } from "@/components/numbers";
import { RuleFields } from "@/components/RuleFields";
import type { Matching, NearMiss, TriedAlert } from "../api/matchAlert";
import { RuleTitle } from "./MatchedRule";
import { nearHint } from "./outcome";
import styles from "./TryAlert.module.css";

const SHOWN_AT_FIRST = 10;

/** The rules that miss by one field, with that field. */
export function NearMisses({ alert, matching }: { alert: TriedAlert; matching: Matching }) {
  const { near_misses: all, near_truncated: truncated } = matching;
  const [opened, { open }] = useDisclosure();
  if (all.length === 0) return null;
  const shown = opened ? all : all.slice(0, SHOWN_AT_FIRST);
  return (
    <section aria-labelledby="near-misses">
      <Title order={2} size="h3" id="near-misses">
        {truncated
          ? `More than ${all.length} rules miss`
          : `${plural(all.length, "rule")} ${all.length === 1 ? "misses" : "miss"}`}{" "}
        by one field
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        They would match if the alert, or the rule, were different there.
      </Text>
      <div className="surface">
        {shown.map((miss) => (
          <Miss key={miss.rule_id} miss={miss} alert={alert} />
        ))}
      </div>
      {shown.length < all.length && (
        <Button variant="default" size="xs" mt="sm" onClick={open}>
          Show {plural(all.length - shown.length, "more rule")}
        </Button>
      )}
    </section>
  );
}

function Miss({ miss, alert }: { miss: NearMiss; alert: TriedAlert }) {
  const { role } = useSession();
  const hint = nearHint(miss.wants, miss.has);
  const wanted = { severity: miss.severity, source: miss.source, name: miss.name, [miss.misses]: miss.has };
  return (
    <div className={styles.miss}>
      <Stack gap={6} miw={0}>
        <RuleTitle rule={miss} whose={role === "admin" && <Whose clientId={miss.client_id} />} />
        <RuleFields rule={miss} alert={alert} />
        {hint !== undefined && <Text size="sm">{hint}</Text>}
      </Stack>
      <ButtonLink
        to="/rules/new"
        search={{ ...wanted, client_id: miss.client_id }}
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
      >
        Make one that matches
      </ButtonLink>
    </div>
  );
}

function Whose({ clientId }: { clientId: string }) {
  return (
    <Text span size="sm" c="dimmed">
      of{" "}
      <AnchorLink to="/clients/$clientId" params={{ clientId }} inherit>
        {clientId}
      </AnchorLink>
    </Text>
  );
}
