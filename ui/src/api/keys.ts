/** API keys: made on the page of keys, and where something is set up that needs one. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "./client";
import type { components } from "./schema/rule-service";

export type Key = components["schemas"]["Key"];
export type CreatedKey = components["schemas"]["CreatedKey"];
export type NewKey = components["schemas"]["KeyCreate"];

/** Makes a key; its answer is the only place that has the secret, so it is kept by nobody but who asked. */
export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewKey): Promise<CreatedKey> => take(api.POST("/api/v1/keys", { body })),
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
}
