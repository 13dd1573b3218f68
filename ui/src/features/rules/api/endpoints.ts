import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** A page of a rule's endpoints. */
export const ruleEndpointsQuery = (ruleId: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["endpoints", "of rule", ruleId, cursor],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/rules/{rule_id}/endpoints", {
          params: { path: { rule_id: ruleId }, query: cursor === undefined ? {} : { cursor } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
