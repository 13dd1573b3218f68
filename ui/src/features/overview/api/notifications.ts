/** The notifications of the last day by hour; of a client, its own only. */

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

export const notificationsQuery = queryOptions({
  queryKey: ["metrics", "notifications"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/metrics/notifications", { signal })),
});
