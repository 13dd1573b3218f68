/** What there is already, of what alerts need to reach anybody. */

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

export interface SetUp {
  clients: boolean;
  rules: boolean;
  endpoints: boolean;
}

export const setUpQuery = (admin: boolean) =>
  queryOptions({
    queryKey: ["rules", "set-up", admin],
    queryFn: async ({ signal }): Promise<SetUp> => {
      const one = { params: { query: { limit: 1 } }, signal };
      const [clients, rules, endpoints] = await Promise.all([
        admin ? take(api.GET("/api/v1/clients", one)) : undefined,
        take(api.GET("/api/v1/rules", one)),
        take(api.GET("/api/v1/endpoints", one)),
      ]);
      return {
        clients: clients === undefined || clients.items.length > 0,
        rules: rules.items.length > 0,
        endpoints: endpoints.items.length > 0,
      };
    },
    staleTime: 0,
  });
