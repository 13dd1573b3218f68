import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ruleQuery } from "@/api/rule";
import { useSession } from "@/api/session";
import { SecretAddress } from "@/components/endpoints/SecretAddress";
import { profileInWords, writeDuration } from "@/components/endpoints/retry";
import { type Endpoint, typeInWords } from "@/components/endpoints/types";
import { CopyField } from "@/components/CopyField";
import { type Fact, Facts } from "@/components/Facts";
import { AnchorLink } from "@/components/links";
import { NumberCell } from "@/components/NumberCell";
import { Panel } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusBadge";
import { TimeAgo } from "@/components/TimeAgo";
import { SecretRotation } from "./SecretRotation";
import { TestPanel } from "./TestPanel";

/** How it fares, what it answers now, and how it is set up. */
export function EndpointOverview({ endpoint }: { endpoint: Endpoint }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Stack gap="md">
        <Health endpoint={endpoint} />
        <Setup endpoint={endpoint} />
      </Stack>
      <Stack gap="md">
        <TestPanel endpoint={endpoint} />
        {endpoint.type === "webhook" && <SecretRotation endpoint={endpoint} />}
      </Stack>
    </SimpleGrid>
  );
}

function Health({ endpoint }: { endpoint: Endpoint }) {
  const { enabled, health, disabled_reason: reason } = endpoint;
  const { failing_since: since, failures, last_failure_at: last, last_error: error, open_until: until } = health;
  return (
    <Panel title="State">
      <Facts
        facts={[
          { title: "Now", value: <StatusBadge value={enabled ? health.status : "disabled"} /> },
          !enabled && { title: "Why", value: reason ?? "Somebody turned it off." },
          since !== null && { title: "Failing", value: <Since at={since} failures={failures} /> },
          until !== null && { title: "Tried again", value: <TimeAgo at={until} /> },
          { title: "Last failure", value: <TimeAgo at={last} never="None so far" /> },
          error !== null && { title: "It said", value: <Text size="sm">{error}</Text> },
        ]}
      />
    </Panel>
  );
}

function Since({ at, failures }: { at: string; failures: number }) {
  return (
    <>
      since <TimeAgo at={at} absolute />,{" "}
      <NumberCell value={failures} unit={failures === 1 ? "attempt" : "attempts in a row"} />
    </>
  );
}

function Setup({ endpoint }: { endpoint: Endpoint }) {
  const { type, value, fallback, retry, rule_id: ruleId, client_id: clientId } = endpoint;
  const { role } = useSession();
  const rule = useQuery(ruleQuery(ruleId));
  const name = rule.data ? `${rule.data.source} / ${rule.data.name}` : ruleId;
  const facts: (Fact | false)[] = [
    { title: typeInWords(type).address, value: <SecretAddress type={type} value={value} /> },
    {
      title: "Rule",
      value: (
        <AnchorLink to="/rules/$ruleId" params={{ ruleId }}>
          {name}
        </AnchorLink>
      ),
    },
    role === "admin" && {
      title: "Client",
      value: (
        <AnchorLink to="/clients/$clientId" params={{ clientId }}>
          {clientId}
        </AnchorLink>
      ),
    },
    {
      title: "Told",
      value: fallback ? "Only when the rule’s others could not be reached" : "Of everything that the rule matches",
    },
    { title: "Tries again", value: <Retries retry={retry} /> },
    { title: "Id", value: <CopyField value={endpoint.id} label="the endpoint’s id" /> },
    { title: "Made", value: <TimeAgo at={endpoint.created_at} /> },
    { title: "Changed", value: <TimeAgo at={endpoint.updated_at} /> },
  ];
  return (
    <Panel title="Set up">
      <Facts facts={facts} />
    </Panel>
  );
}

function Retries({ retry }: { retry: Endpoint["retry"] }) {
  const profile = profileInWords(retry.profile);
  const delays = retry.delays ?? [];
  return (
    <>
      {profile?.label}
      <Text size="sm" c="dimmed">
        {delays.length > 0 ? `After ${delays.map(writeDuration).join(", ")}.` : profile?.help} Gives up after{" "}
        {typeof retry.max_age === "number" ? writeDuration(retry.max_age) : profile?.expires}.
      </Text>
    </>
  );
}
