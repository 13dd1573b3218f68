import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";
import type { components } from "./schema/rule-service";

type Rule = components["schemas"]["Rule"];

export const readRule = (ruleId: string, signal?: AbortSignal): Promise<Rule> =>
  take(api.GET("/api/v1/rules/{rule_id}", { params: { path: { rule_id: ruleId } }, ...(signal && { signal }) }));

/** One rule, for its own page and for its endpoints'. */
export const ruleQuery = (ruleId: string) =>
  queryOptions({ queryKey: ["rules", ruleId], queryFn: ({ signal }) => readRule(ruleId, signal) });
