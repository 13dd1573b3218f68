import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type NotificationDetail = components["schemas"]["NotificationDetail"];
export type Delivery = components["schemas"]["Delivery"];
export type Attempt = components["schemas"]["Attempt"];
export type MatchedRule = components["schemas"]["MatchedRule"];

const WHILE_UNDER_WAY = 3_000;
const WHEN_ENDED = 30_000;

/** A notification with everything that is known of it; what is still under way is asked for more often. */
export const notificationQuery = (id: string) =>
  queryOptions({
    queryKey: ["notifications", id],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/notifications/{notification_id}", { params: { path: { notification_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.finished_at ? WHEN_ENDED : WHILE_UNDER_WAY),
    refetchIntervalInBackground: false,
  });
