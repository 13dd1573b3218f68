import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";

export type Which = components["schemas"]["Resend"]["deliveries"];

/** Send one notification again. */
export function useResend() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, which }: { id: string; which: Which }) =>
      take(
        api.POST("/api/v1/notifications/{notification_id}/resend", {
          params: { path: { notification_id: id } },
          body: { deliveries: which },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
