import { useDeletion, useDeletions } from "@/components/useDeletion";
import { type Client, deleteClient } from "../api/clients";

const keyOf = ({ id }: Pick<Client, "id">): string => `client:${id}`;

/** Return what deletes a client, with an Undo in sight for a while. */
export function useClientDeletion(): (client: Client) => void {
  const remove = useDeletion();
  return (client) =>
    remove({
      key: keyOf(client),
      what: `Client “${client.name}”`,
      run: (init) => deleteClient(client, init),
      invalidate: [["clients"], ["keys"]],
    });
}

/** Return whether a client is about to be deleted. */
export function useGoingClients(): (client: Pick<Client, "id">) => boolean {
  const going = useDeletions();
  return (client) => going.has(keyOf(client));
}
