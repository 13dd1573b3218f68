import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { readRule } from "@/api/rule";
import { readEndpoint } from "@/components/endpoints/queries";
import type { Endpoint } from "@/components/endpoints/types";
import type { Rule } from "./rules";

export interface Original {
  rule: Rule;
  endpoints: Endpoint[];
}

/** A rule and its endpoints with their addresses, to make another one like it. */
export const originalQuery = (ruleId: string) =>
  queryOptions({
    queryKey: ["rules", ruleId, "original"],
    queryFn: async ({ signal }): Promise<Original> => {
      const params = { path: { rule_id: ruleId } };
      const [rule, { items }] = await Promise.all([
        readRule(ruleId, signal),
        take(api.GET("/api/v1/rules/{rule_id}/endpoints", { params, signal })),
      ]);
      return { rule, endpoints: await Promise.all(items.map(({ id }) => readEndpoint(id, signal))) };
    },
    staleTime: Infinity,
    gcTime: 0,
  });
