/** Who is logged in. The browser holds a cookie that no script can read, never the key. */

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, take } from "./client";
import type { components } from "./schema/rule-service";

export type Session = components["schemas"]["Session"];
export type Role = "admin" | "ingest" | "client";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/session", { signal })),
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});

export function roleOf(session: Pick<Session, "scope">): Role {
  const [kind] = session.scope.split(":");
  return kind === "admin" || kind === "ingest" ? kind : "client";
}

/** The session of a page behind the login, where there always is one. */
export function useSession(): Session & { role: Role } {
  const { data } = useQuery(sessionQuery);
  const session = useMemo(() => data && { ...data, role: roleOf(data) }, [data]);
  if (session === undefined) throw new Error("there is no session outside of the shell");
  return session;
}

export const logIn = (key: string): Promise<Session> => take(api.POST("/api/v1/session", { body: { key } }));

/** Return what ends the session on the server and, once the pages behind the login are left, here. */
export function useLogOut(): (leave: () => Promise<void>) => Promise<void> {
  const queries = useQueryClient();
  return async (leave) => {
    await api.DELETE("/api/v1/session");
    await leave();
    queries.clear();
  };
}
