import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type Overlap = components["schemas"]["Overlap"];
export type Pattern = Pick<components["schemas"]["Rule"], "client_id" | "severity" | "source" | "name">;

/** The client's rules that match some of the same alerts; `except` is the rule itself. */
export const overlapsQuery = (pattern: Pattern, except: string | undefined) =>
  queryOptions({
    queryKey: ["rules", "overlaps", pattern, except],
    queryFn: ({ signal }) =>
      take(api.POST("/api/v1/rules/overlaps", { body: { ...pattern, except: except ?? null }, signal })),
    placeholderData: keepPreviousData,
  });
