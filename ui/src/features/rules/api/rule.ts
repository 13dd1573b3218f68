/** One rule: changed, deleted. */

import { api, ifMatch, take } from "@/api/client";
import { ApiError } from "@/api/problem";
import { readRule } from "@/api/rule";
import type { components } from "@/api/schema/rule-service";
import type { Rule } from "./rules";

export type RulePatch = components["schemas"]["RulePatch"];

const pathOf = (ruleId: string) => ({ path: { rule_id: ruleId } });

type Version = Pick<Rule, "id" | "version">;

export const patchRule = ({ id, version }: Version, body: RulePatch): Promise<Rule> =>
  take(api.PATCH("/api/v1/rules/{rule_id}", { params: { ...pathOf(id), header: ifMatch(version) }, body }));

export const deleteRule = ({ id, version }: Version, init: { keepalive?: boolean } = {}) =>
  api.DELETE("/api/v1/rules/{rule_id}", { params: { ...pathOf(id), header: ifMatch(version) }, ...init });

/** Turn a rule on or off, whatever else somebody changed meanwhile. */
export async function switchRule(rule: Version, enabled: boolean): Promise<unknown> {
  try {
    return await patchRule(rule, { enabled });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 412) throw error;
    return patchRule(await readRule(rule.id), { enabled });
  }
}
