import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type Matching = components["schemas"]["Matching"];
export type RuleMatch = components["schemas"]["RuleMatch"];
export type NearMiss = components["schemas"]["NearMiss"];
export type MatchedEndpoint = components["schemas"]["MatchedEndpoint"];

export interface TriedAlert {
  severity: components["schemas"]["Alert"]["severity"];
  source: string;
  name: string;
  client_id?: string | undefined;
}

/** Which rules an alert would match, and which it would but for one field. Nothing is sent. */
export const matchQuery = ({ client_id: clientId, ...alert }: TriedAlert) =>
  queryOptions({
    queryKey: ["rules", "match", alert, clientId],
    queryFn: ({ signal }) =>
      take(
        api.POST("/api/v1/match", {
          body: { ...alert, near: true, ...(clientId !== undefined && { client_id: clientId }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
