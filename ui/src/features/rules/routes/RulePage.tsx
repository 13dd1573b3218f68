import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ruleQuery } from "@/api/rule";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { Severity } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import { ThingPage, ThingTabs } from "@/components/ThingPage";
import { RuleActions } from "../components/RuleActions";
import { RuleEdit } from "../components/RuleEdit";
import { RuleOverview } from "../components/RuleOverview";
import { titleOf } from "../components/sentence";

/** One rule: what it matches, whom it tells, and who changed it. */
export function RulePage() {
  const { ruleId } = useParams({ from: "/shell/rules/$ruleId" });
  return (
    <ThingPage query={useQuery(ruleQuery(ruleId))} title="Rule">
      {(rule) => (
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
          <ThingTabs
            overview={<RuleOverview rule={rule} />}
            edit={(onDone) => <RuleEdit rule={rule} onDone={onDone} />}
            history={<History subject="rule" id={rule.id} />}
          />
        </>
      )}
    </ThingPage>
  );
}
