import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** The rule that an endpoint belongs to. */
export const ruleOfQuery = (ruleId: string) =>
  queryOptions({
    queryKey: ["rules", ruleId],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/rules/{rule_id}", { params: { path: { rule_id: ruleId } }, signal })),
  });
