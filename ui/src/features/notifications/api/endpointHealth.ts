import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** How an endpoint fares now, and whether it is on. Its address stays where it came from. */
export const endpointHealthQuery = (endpointId: string) =>
  queryOptions({
    queryKey: ["endpoints", endpointId, "health"],
    queryFn: async ({ signal }) => {
      const { enabled, disabled_reason, health } = await take(
        api.GET("/api/v1/endpoints/{endpoint_id}", { params: { path: { endpoint_id: endpointId } }, signal }),
      );
      return { enabled, disabledReason: disabled_reason, ...health };
    },
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
  });
