import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

export function useRevokeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (keyId: string) => api.DELETE("/api/v1/keys/{key_id}", { params: { path: { key_id: keyId } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
}
