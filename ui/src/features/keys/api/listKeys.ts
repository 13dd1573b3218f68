import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

interface KeyFilters {
  scope?: string | undefined;
  cursor?: string | undefined;
}

export const keysQuery = ({ scope, cursor }: KeyFilters) =>
  queryOptions({
    queryKey: ["keys", "list", { scope, cursor }],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/keys", {
          params: { query: { limit: 50, ...(scope && { scope }), ...(cursor && { cursor }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
