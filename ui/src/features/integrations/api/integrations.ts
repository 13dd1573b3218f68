import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/ingest";

export type Integration = components["schemas"]["IntegrationActivity"];
export type IntegrationDetail = components["schemas"]["IntegrationDetail"];
export type Reject = components["schemas"]["KeptReject"];

/** All that were heard of in the last month, as the one page that a table wants. */
export const integrationsQuery = queryOptions({
  queryKey: ["integrations", "list"],
  queryFn: async ({ signal }) => {
    const { items } = await take(api.GET("/api/v1/integrations", { signal }));
    return { items, next_cursor: null };
  },
});

export const integrationQuery = (integration: string) =>
  queryOptions({
    queryKey: ["integrations", integration],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/integrations/{integration}", { params: { path: { integration } }, signal })),
  });
