import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type RotatedSecret = components["schemas"]["RotatedSecret"];

/** Replace what an endpoint's webhooks are signed with; the old secret is good for so many seconds more. */
export const rotateSecret = (endpointId: string, keepOldFor: number): Promise<RotatedSecret> =>
  take(
    api.POST("/api/v1/endpoints/{endpoint_id}/secret/rotate", {
      params: { path: { endpoint_id: endpointId } },
      body: { keep_old_for: keepOldFor },
    }),
  );
