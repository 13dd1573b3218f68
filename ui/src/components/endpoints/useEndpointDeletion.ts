import { api } from "@/api/client";
import { useDeletion, useDeletions } from "../useDeletion";

const keyOf = (id: string): string => `endpoint:${id}`;

/** Return what deletes an endpoint, with an Undo in sight for a while. */
export function useEndpointDeletion(): (endpoint: { id: string; shown: string }) => void {
  const remove = useDeletion();
  return ({ id, shown }) =>
    remove({
      key: keyOf(id),
      what: `Endpoint “${shown}”`,
      run: (init) => api.DELETE("/api/v1/endpoints/{endpoint_id}", { params: { path: { endpoint_id: id } }, ...init }),
      invalidate: [["endpoints"], ["rules"], ["clients"]],
    });
}

/** Return whether an endpoint is about to be deleted. */
export function useGoingEndpoints(): (endpoint: { id: string }) => boolean {
  const going = useDeletions();
  return ({ id }) => going.has(keyOf(id));
}
