/** Calls to endpoints that the OpenAPI documents do not have yet; goes away with the last of them. */

import { api } from "./client";

interface PendingInit {
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  keepalive?: boolean;
}

export async function pending<Answer>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  init: PendingInit = {},
): Promise<Answer> {
  const { query, ...rest } = init;
  const call = api.request as (method: string, path: string, init: object) => Promise<{ data?: unknown }>;
  const { data } = await call(method.toLowerCase(), path, { ...rest, params: { query } });
  return data as Answer;
}
