import { useDeletion, useDeletions } from "@/components/useDeletion";
import { plural } from "@/components/numbers";
import { deleteRule } from "../api/rule";
import type { Rule } from "../api/rules";
import { titleOf } from "./sentence";
import { forEach } from "./several";

const keyOf = ({ id }: Pick<Rule, "id">): string => `rule:${id}`;
const INVALIDATE = [["rules"], ["endpoints"], ["clients"]];

/** Return what deletes rules, with an Undo in sight for a while. A rule that somebody changed meanwhile stays. */
export function useRuleDeletion(): (rules: readonly Rule[]) => void {
  const remove = useDeletion();
  return (rules) => {
    const [first] = rules;
    if (first === undefined) return;
    if (rules.length === 1) {
      remove({
        key: keyOf(first),
        what: `Rule “${titleOf(first)}”`,
        run: (init) => deleteRule(first, init),
        invalidate: INVALIDATE,
      });
      return;
    }
    const all = rules.map(keyOf);
    remove({
      key: `rules:${all.join()}`,
      all,
      what: plural(rules.length, "rule"),
      // A page that goes away can only send, not wait for answers.
      run: (init) => forEach(rules, (rule) => deleteRule(rule, init), init.keepalive ? rules.length : undefined),
      invalidate: INVALIDATE,
    });
  };
}

/** Return whether a rule is about to be deleted. */
export function useGoingRules(): (rule: Pick<Rule, "id">) => boolean {
  const going = useDeletions();
  return (rule) => going.has(keyOf(rule));
}
