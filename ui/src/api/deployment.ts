import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";

/** What this deployment is like: where alerts are sent to, and what it allows. */
export const deploymentQuery = queryOptions({
  queryKey: ["ui"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/ui", { signal })),
  staleTime: Infinity,
});
