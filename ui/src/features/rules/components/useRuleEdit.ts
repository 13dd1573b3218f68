import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/problem";
import type { Conflict } from "@/components/conflict";
import { useProblemForm } from "@/components/useProblemForm";
import { deploymentQuery } from "../api/deployment";
import { patchRule, readRule } from "../api/rule";
import type { Rule } from "../api/rules";
import { catchAllFault, patchOf, RULE_VALIDATION, type RuleValues, tidied, valuesOf } from "./values";

/** The form of a rule that exists, and what to do when somebody else has saved meanwhile. */
export function useRuleEdit(rule: Rule, onDone: () => void) {
  const queries = useQueryClient();
  const allowsAll = useQuery(deploymentQuery).data?.allow_catch_all_rules ?? true;
  // The page follows the rule as it changes; what one edits is the version that one began with.
  const [base, setBase] = useState(rule);
  const [lost, setLost] = useState<{ latest: Rule; conflict: Conflict<RuleValues> }>();
  const { form, problem, saving, submit } = useProblemForm<RuleValues>({
    initialValues: valuesOf(rule),
    validate: { ...RULE_VALIDATION, severity: catchAllFault(allowsAll) },
  });

  const saveOver = async (version: Rule, values: RuleValues): Promise<void> => {
    const mine = tidied(values);
    try {
      await patchRule(version, patchOf(valuesOf(version), mine));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      const latest = await readRule(rule.id);
      const theirs = valuesOf(latest);
      if (Object.keys(patchOf(theirs, mine)).length > 0) {
        setLost({ latest, conflict: { base: valuesOf(version), mine, theirs } });
        return;
      }
    }
    void queries.invalidateQueries({ queryKey: ["rules"] });
    void queries.invalidateQueries({ queryKey: ["endpoints"] });
    notifications.show({ message: "The rule is saved." });
    onDone();
  };

  const choose = (values: RuleValues): void => {
    if (lost === undefined) return;
    setBase(lost.latest);
    setLost(undefined);
    form.setValues(values);
    submit((chosen) => saveOver(lost.latest, chosen))();
  };

  return {
    form,
    problem,
    saving,
    submit,
    save: (values: RuleValues) => saveOver(base, values),
    conflict: lost?.conflict,
    choose,
    dismiss: () => setLost(undefined),
  };
}
