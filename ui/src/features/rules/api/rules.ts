/** Lists of rules, and how many there are. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components, operations } from "@/api/schema/rule-service";

export type Rule = components["schemas"]["Rule"];
export type RuleFilters = NonNullable<operations["list_rules"]["parameters"]["query"]>;

export const rulesQuery = (filters: RuleFilters) =>
  queryOptions({
    queryKey: ["rules", "list", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/rules", { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
  });

export const countQuery = (filters: Omit<RuleFilters, "sort" | "limit" | "cursor">) =>
  queryOptions({
    queryKey: ["rules", "count", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/rules/count", { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
  });
