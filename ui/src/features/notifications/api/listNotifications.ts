import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";
import type { NotificationFilter } from "./filter";

export type NotificationPage = components["schemas"]["NotificationPage"];

const ON_A_PAGE = 50;

/** A page of notifications, the newest first. */
export const notificationsQuery = (filter: NotificationFilter, cursor?: string) =>
  queryOptions({
    queryKey: ["notifications", "list", filter, cursor],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/notifications", {
          params: { query: { ...filter, limit: ON_A_PAGE, ...(cursor !== undefined && { cursor }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
