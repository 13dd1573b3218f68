import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** What a path that names no integration belongs to. */
export const DEFAULT_INTEGRATION = "default";

/** The integrations that were heard of, or that have settings; for administrators. */
export const integrationNamesQuery = queryOptions({
  queryKey: ["integrations", "names"],
  queryFn: async ({ signal }) => {
    const { items } = await take(api.GET("/api/v1/integrations", { signal }));
    return [...new Set([DEFAULT_INTEGRATION, ...items.map(({ name }) => name)])];
  },
});
