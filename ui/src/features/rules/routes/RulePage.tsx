import { Group, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { Severity } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import { useUrlState } from "@/components/urlState";
import { ruleQuery } from "../api/rule";
import type { Rule } from "../api/rules";
import { RuleActions } from "../components/RuleActions";
import { RuleEdit } from "../components/RuleEdit";
import { RuleOverview } from "../components/RuleOverview";
import { titleOf } from "../components/sentence";
import { ruleSearch } from "../search";

/** One rule: what it matches, whom it tells, and who changed it. */
export function RulePage() {
  const { ruleId } = useParams({ from: "/shell/rules/$ruleId" });
  const query = useQuery(ruleQuery(ruleId));
  return (
    <>
      {query.data === undefined && <PageHeader title="Rule" />}
      <QueryState query={query} what="the rule">
        {(rule) => <Details key={rule.id} rule={rule} />}
      </QueryState>
    </>
  );
}

function Details({ rule }: { rule: Rule }) {
  const [{ tab }, change] = useUrlState(ruleSearch);
  const open = (wanted: string | null): void =>
    change({ tab: wanted === "edit" || wanted === "history" ? wanted : undefined });
  return (
    <>
      <PageHeader
        title={titleOf(rule)}
        aside={
          <Group gap={6}>
            <Severity value={rule.severity} />
            <StatusBadge value={rule.enabled ? "on" : "off"} />
          </Group>
        }
        actions={<RuleActions rule={rule} />}
      />
      <Tabs value={tab ?? "overview"} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="edit">Edit</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <RuleOverview rule={rule} />
        </Tabs.Panel>
        <Tabs.Panel value="edit">
          <RuleEdit rule={rule} onDone={() => open("overview")} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History subject="rule" id={rule.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
