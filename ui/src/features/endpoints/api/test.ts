import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type TestResult = components["schemas"]["TestResult"];

/** Send a notification to one endpoint and wait for what its receiver answers. */
export function useTest(endpointId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/endpoints/{endpoint_id}/test", { params: { path: { endpoint_id: endpointId } } })),
    // It says something about the receiver's health, too.
    onSettled: () => queries.invalidateQueries({ queryKey: ["endpoints"] }),
  });
}
