import { Group, Stack, Text } from "@mantine/core";
import { useSession } from "@/api/session";
import { CopyField } from "@/components/CopyField";
import { Facts } from "@/components/Facts";
import { AnchorLink, ButtonLink } from "@/components/links";
import { Panel } from "@/components/Panel";
import { TimeAgo } from "@/components/TimeAgo";
import type { Rule } from "../api/rules";
import { FormLayout } from "./FormLayout";
import { OverlapPanel } from "./OverlapPanel";
import { RuleEndpoints } from "./RuleEndpoints";
import { ANY, inWords } from "./sentence";

/** What a rule matches, whom it tells, and which rules it overlaps with. */
export function RuleOverview({ rule }: { rule: Rule }) {
  return (
    <Stack gap="lg">
      <FormLayout beside={<OverlapPanel pattern={patternOf(rule)} except={rule.id} />}>
        <Setup rule={rule} />
      </FormLayout>
      <RuleEndpoints rule={rule} />
    </Stack>
  );
}

const patternOf = ({ client_id, severity, source, name }: Rule) => ({ client_id, severity, source, name });

function Setup({ rule }: { rule: Rule }) {
  const { id, client_id: clientId, severity, source, name, description } = rule;
  const { role } = useSession();
  const example = {
    ...(severity !== ANY && { severity }),
    ...(source !== ANY && { source }),
    ...(name !== ANY && { name }),
  };
  return (
    <Panel title="Match">
      <Facts
        facts={[
          { title: "Matches", value: <strong>{inWords(rule)}</strong> },
          description !== "" && {
            title: "Description",
            value: (
              <Text size="sm" style={{ whiteSpace: "pre-line" }}>
                {description}
              </Text>
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
          { title: "Id", value: <CopyField value={id} label="the rule’s id" /> },
          { title: "Made", value: <TimeAgo at={rule.created_at} /> },
          { title: "Changed", value: <TimeAgo at={rule.updated_at} /> },
        ]}
      />
      <Group gap="sm" mt="md">
        <ButtonLink size="xs" variant="default" to="/notifications" search={{ rule_id: id }}>
          Its notifications
        </ButtonLink>
        <ButtonLink size="xs" variant="default" to="/try" search={example}>
          Try an alert
        </ButtonLink>
      </Group>
    </Panel>
  );
}
