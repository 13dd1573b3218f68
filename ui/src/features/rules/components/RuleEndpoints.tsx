import { Button, Group, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cursorPaging } from "@/components/cursorPaging";
import { EmptyState } from "@/components/EmptyState";
import { EndpointTable } from "@/components/endpoints/EndpointTable";
import { ruleEndpointsQuery } from "../api/endpoints";
import type { Rule } from "../api/rules";
import { AddEndpoint } from "./AddEndpoint";

/** Whom a rule tells. */
export function RuleEndpoints({ rule }: { rule: Rule }) {
  const [stack, setStack] = useState<readonly string[]>();
  const paging = cursorPaging(stack, ({ page }) => setStack(page));
  const query = useQuery(ruleEndpointsQuery(rule.id, paging.cursor));
  const [adding, { open, close }] = useDisclosure();
  return (
    <section aria-labelledby="endpoints-of-rule">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3" id="endpoints-of-rule">
          Tells
        </Title>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={open}>
          Add an endpoint
        </Button>
      </Group>
      <EndpointTable
        query={query}
        paging={paging}
        empty={<EmptyState title="Nobody is told" hint="Add an endpoint: an e-mail address, Slack, or a webhook." />}
      />
      <AddEndpoint ruleId={rule.id} opened={adding} onClose={close} />
    </section>
  );
}
