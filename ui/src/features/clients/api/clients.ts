/** Clients: lists, one, and what changes them. */

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, take } from "@/api/client";
import type { components, operations } from "@/api/schema/rule-service";

export type Client = components["schemas"]["Client"];
export type ClientPatch = components["schemas"]["ClientPatch"];
export type ClientFilters = NonNullable<operations["list_clients"]["parameters"]["query"]>;

export const clientsQuery = (filters: ClientFilters) =>
  queryOptions({
    queryKey: ["clients", "list", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/clients", { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
  });

export const readClient = (clientId: string, signal?: AbortSignal): Promise<Client> =>
  take(
    api.GET("/api/v1/clients/{client_id}", { params: { path: { client_id: clientId } }, ...(signal && { signal }) }),
  );

export const clientQuery = (clientId: string) =>
  queryOptions({ queryKey: ["clients", clientId], queryFn: ({ signal }) => readClient(clientId, signal) });

export const createClient = (body: components["schemas"]["ClientCreate"]): Promise<Client> =>
  take(api.POST("/api/v1/clients", { body }));

export const patchClient = ({ id, version }: Pick<Client, "id" | "version">, body: ClientPatch): Promise<Client> =>
  take(
    api.PATCH("/api/v1/clients/{client_id}", {
      params: { path: { client_id: id }, header: ifMatch(version) },
      body,
    }),
  );

export const deleteClient = ({ id, version }: Pick<Client, "id" | "version">, init: { keepalive: boolean }) =>
  api.DELETE("/api/v1/clients/{client_id}", { params: { path: { client_id: id }, header: ifMatch(version) }, ...init });

/** Return what brings everything up to date that shows clients, or what is theirs. */
export function useRefreshClients(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all(["clients", "rules", "endpoints"].map((each) => queries.invalidateQueries({ queryKey: [each] })));
}

/** Turn a client on or off, whatever else somebody changes meanwhile. */
export function useSwitchClient() {
  const refresh = useRefreshClients();
  return useMutation({
    mutationFn: ({ id, enabled }: Pick<Client, "id" | "enabled">) =>
      take(api.PATCH("/api/v1/clients/{client_id}", { params: { path: { client_id: id } }, body: { enabled } })),
    onSuccess: refresh,
  });
}
