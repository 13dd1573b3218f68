import { SimpleGrid } from "@mantine/core";
import { CopyField } from "@/components/CopyField";
import { Facts } from "@/components/Facts";
import { AnchorLink, ButtonLink } from "@/components/links";
import { NumberCell } from "@/components/NumberCell";
import { Panel } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusBadge";
import { TimeAgo } from "@/components/TimeAgo";
import type { Client } from "../api/clients";
import { Failing } from "./columns";

/** What a client has, and the ways there. */
export function ClientOverview({ client }: { client: Client }) {
  const { id, enabled, rules, rules_more: more } = client;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Panel title="What it has">
        <Facts
          facts={[
            {
              title: "Rules",
              value: (
                <AnchorLink to="/rules" search={{ client_id: id }}>
                  <NumberCell value={rules} more={more} />
                </AnchorLink>
              ),
            },
            {
              title: "Endpoints",
              value: (
                <AnchorLink to="/endpoints" search={{ client_id: id }}>
                  All its endpoints
                </AnchorLink>
              ),
            },
            { title: "Failing now", value: <Failing client={client} /> },
            {
              title: "Notifications",
              value: (
                <AnchorLink to="/notifications" search={{ client_id: id }}>
                  All its notifications
                </AnchorLink>
              ),
            },
          ]}
        />
        <ButtonLink mt="md" size="xs" to="/rules/new" search={{ client_id: id }}>
          New rule
        </ButtonLink>
      </Panel>
      <Panel title="Set up">
        <Facts
          facts={[
            { title: "Id", value: <CopyField value={id} label="the id" /> },
            { title: "State", value: <StatusBadge value={enabled ? "on" : "off"} /> },
            !enabled && { title: "Off means", value: "None of its rules matches anything." },
            { title: "Made", value: <TimeAgo at={client.created_at} /> },
            { title: "Changed", value: <TimeAgo at={client.updated_at} /> },
          ]}
        />
      </Panel>
    </SimpleGrid>
  );
}
