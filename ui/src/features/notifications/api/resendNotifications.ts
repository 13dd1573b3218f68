import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { NotificationFilter } from "./filter";

/** Send again what did not arrive of all that a filter finds, if they are still as many as one was told. */
export function useResendMany() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ filter, expected }: { filter: NotificationFilter; expected: number }) =>
      take(
        api.POST("/api/v1/notifications/resend", {
          body: { filter: { ...filter, status: filter.status ?? [], severity: filter.severity ?? [] }, expected },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
