import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** What this deployment is like; here, where alerts are sent to. */
export const deploymentQuery = queryOptions({
  queryKey: ["ui"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/ui", { signal })),
  staleTime: Infinity,
});
