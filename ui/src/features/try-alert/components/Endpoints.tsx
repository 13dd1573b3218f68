import { Text } from "@mantine/core";
import { AnchorLink } from "@/components/links";
import { typeInWords } from "@/components/endpoints/types";
import { StatusBadge } from "@/components/StatusBadge";
import { Tone } from "@/components/Tone";
import type { MatchedEndpoint, RuleMatch } from "../api/matchAlert";
import { MOST_ENDPOINTS, toldAtOnce } from "./outcome";
import styles from "./TryAlert.module.css";

/** Where a rule's notifications go; what is not told at once is drawn fainter. */
export function Endpoints({ match }: { match: RuleMatch }) {
  const { endpoints } = match;
  const told = new Set(toldAtOnce(match).map(({ id }) => id));
  if (endpoints.length === 0) {
    return (
      <Text size="sm" className={styles.nowhere}>
        This rule has no endpoint: nobody is told.
      </Text>
    );
  }
  return (
    <div>
      <ul className={styles.endpoints} aria-label="Endpoints">
        {endpoints.map((endpoint) => (
          <Endpoint key={endpoint.id} endpoint={endpoint} told={told.has(endpoint.id)} />
        ))}
      </ul>
      {endpoints.length === MOST_ENDPOINTS && (
        <Text size="sm" c="dimmed">
          These are {MOST_ENDPOINTS} of them at most; the rule’s page has them all.
        </Text>
      )}
    </div>
  );
}

function Endpoint({ endpoint, told }: { endpoint: MatchedEndpoint; told: boolean }) {
  const { id, type, shown, enabled, fallback, health_status: health } = endpoint;
  return (
    <li className={styles.endpoint} data-told={told || undefined}>
      <span className={styles.trunk} aria-hidden />
      <div className={styles.address}>
        <Text span size="sm" c="dimmed">
          {typeInWords(type).label}
        </Text>{" "}
        <AnchorLink to="/endpoints/$endpointId" params={{ endpointId: id }} size="sm">
          {shown}
        </AnchorLink>
      </div>
      <div className={styles.state}>
        {fallback && (
          <Tone tone="quiet" title="it is told only when the others could not be reached">
            Fallback
          </Tone>
        )}
        <StatusBadge value={enabled ? health : "disabled"} />
      </div>
    </li>
  );
}
