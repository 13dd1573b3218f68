/** What endpoints are asked and told, by their own pages and by their rule's. */

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, take } from "@/api/client";
import type { components, operations } from "@/api/schema/rule-service";
import type { CreatedEndpoint, Endpoint, EndpointCreate } from "./types";

export type EndpointFilters = NonNullable<operations["list_endpoints"]["parameters"]["query"]>;
export type EndpointPatch = components["schemas"]["EndpointPatch"];

export const endpointsQuery = (filters: EndpointFilters) =>
  queryOptions({
    queryKey: ["endpoints", "list", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/endpoints", { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
  });

export const endpointQuery = (endpointId: string) =>
  queryOptions({
    queryKey: ["endpoints", endpointId],
    queryFn: ({ signal }) => readEndpoint(endpointId, signal),
  });

export const readEndpoint = (endpointId: string, signal?: AbortSignal): Promise<Endpoint> =>
  take(
    api.GET("/api/v1/endpoints/{endpoint_id}", {
      params: { path: { endpoint_id: endpointId } },
      ...(signal && { signal }),
    }),
  );

export const createEndpoint = (ruleId: string, body: EndpointCreate): Promise<CreatedEndpoint> =>
  take(api.POST("/api/v1/rules/{rule_id}/endpoints", { params: { path: { rule_id: ruleId } }, body }));

export const patchEndpoint = (
  { id, version }: Pick<Endpoint, "id" | "version">,
  body: EndpointPatch,
): Promise<Endpoint> =>
  take(
    api.PATCH("/api/v1/endpoints/{endpoint_id}", {
      params: { path: { endpoint_id: id }, header: ifMatch(version) },
      body,
    }),
  );

/** Return what brings everything up to date that shows endpoints, or counts them. */
export function useRefreshEndpoints(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all(["endpoints", "rules", "clients"].map((each) => queries.invalidateQueries({ queryKey: [each] })));
}

/** Turn an endpoint on or off, whatever else somebody changes meanwhile. */
export function useSwitchEndpoint() {
  const refresh = useRefreshEndpoints();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      take(api.PATCH("/api/v1/endpoints/{endpoint_id}", { params: { path: { endpoint_id: id } }, body: { enabled } })),
    onSuccess: refresh,
  });
}
