import { Alert, Stack, Text, Title } from "@mantine/core";
import IconAlertTriangle from "@tabler/icons-react/icons/IconAlertTriangle";
import { useSession } from "@/api/session";
import { AnchorLink } from "@/components/links";
import { plural } from "@/components/numbers";
import type { Matching, TriedAlert } from "../api/matchAlert";
import { MakeRule } from "./MakeRule";
import { MatchedRule } from "./MatchedRule";
import { NearMisses } from "./NearMisses";
import { byClient, type Totals, totalsOf } from "./outcome";
import styles from "./TryAlert.module.css";

/** Who would be told of an alert, by which rules, and over what. */
export function Outcome({ alert, matching }: { alert: TriedAlert; matching: Matching }) {
  const { matches, truncated, rules_version: version } = matching;
  const totals = totalsOf(matches);
  const { role } = useSession();
  return (
    <Stack gap="lg">
      <section className={`surface ${styles.summary}`} aria-live="polite">
        <Title order={2} size="h3">
          {headline(totals, role === "admin")}
        </Title>
        <Text size="sm" c="dimmed">
          By version {version} of the rules. Rules and clients that are off are not looked at; nothing was sent.
          {truncated && " More rules match than the 1,000 that are looked at here."}
        </Text>
        <Warnings totals={totals} />
        <MakeRule alert={alert} primary={matches.length === 0} />
      </section>
      {byClient(matches).map(({ clientId, rules }) => (
        <section key={clientId} className="surface" aria-label={`What ${clientId} is told by`}>
          {role === "admin" && (
            <header className={styles.client}>
              <AnchorLink to="/clients/$clientId" params={{ clientId }} fw={600}>
                {clientId}
              </AnchorLink>
              <Text span size="sm" c="dimmed">
                {plural(rules.length, "rule")}
              </Text>
            </header>
          )}
          {rules.map((match) => (
            <MatchedRule key={match.rule_id} match={match} alert={alert} />
          ))}
        </section>
      ))}
      <NearMisses alert={alert} matching={matching} />
    </Stack>
  );
}

/** The answer in one line. */
export function headline({ rules, clients, told }: Totals, isAdmin: boolean): string {
  if (rules === 0) return "Nobody would be told: no rule matches";
  if (told === 0) return `Nobody would be told, though ${plural(rules, "rule")} ${rules === 1 ? "matches" : "match"}`;
  const whom = isAdmin ? `${plural(clients, "client")} would be told` : "You would be told";
  return `${whom}, by ${plural(rules, "rule")}, over ${plural(told, "endpoint")}`;
}

function Warnings({ totals: { failing, off, silent } }: { totals: Totals }) {
  const warnings = [
    failing > 0 && `${plural(failing, "endpoint")} of these ${failing === 1 ? "fails" : "fail"} at present.`,
    off > 0 && `${plural(off, "endpoint")} ${off === 1 ? "is" : "are"} off.`,
    silent > 0 && `${plural(silent, "rule")} ${silent === 1 ? "has" : "have"} no endpoint that is on.`,
  ].filter((warning) => warning !== false);
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} py="xs" mt="sm">
      {warnings.join(" ")}
    </Alert>
  );
}
