import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { NotificationFilter } from "./filter";

/** How many a filter finds, to a bound. */
export const countQuery = (filter: NotificationFilter) =>
  queryOptions({
    queryKey: ["notifications", "count", filter],
    queryFn: ({ signal }) => take(api.GET("/api/v1/notifications/count", { params: { query: { ...filter } }, signal })),
    gcTime: 0,
  });
