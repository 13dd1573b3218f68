import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { EndpointFilters } from "@/components/endpoints/queries";

export const countQuery = (filters: Omit<EndpointFilters, "sort" | "limit" | "cursor">) =>
  queryOptions({
    queryKey: ["endpoints", "count", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/endpoints/count", { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
  });
