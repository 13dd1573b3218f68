/** How all queries behave, and what happens when a session ends while one works. */

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/problem";
import { sessionQuery } from "@/api/session";

const MOST_RETRIES = 2;

/** Only what may work later is worth another try. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return error instanceof ApiError && error.temporary && error.status !== 429 && failures < MOST_RETRIES;
}

let onSessionEnd: () => Promise<void> = () => Promise.resolve();
let ending = false;

/** Say where to go when a service does not know the session any more. */
export function whenSessionEnds(go: () => Promise<void>): void {
  onSessionEnd = go;
}

function onError(error: unknown): void {
  const known = queryClient.getQueryData(sessionQuery.queryKey) !== undefined;
  if (!(error instanceof ApiError) || error.status !== 401 || !known || ending) return;
  ending = true;
  // Forgotten only there: what is behind the login is drawn until then, and cannot be without a session.
  void onSessionEnd().finally(() => {
    ending = false;
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    // The services answer whether or not the browser thinks that it is online, such as on this machine.
    queries: { retry: shouldRetry, staleTime: 5_000, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});
