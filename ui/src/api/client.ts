/** The one client of all services: rule-service forwards what is not its own, so the browser knows one origin. */

import createClient, { type Middleware } from "openapi-fetch";
import type { paths as AlertProducerPaths } from "./schema/alert-producer";
import type { paths as IngestPaths } from "./schema/ingest";
import type { paths as MetricsPaths } from "./schema/metrics";
import type { paths as RuleServicePaths } from "./schema/rule-service";
import { ApiError, toApiError, UNREACHABLE } from "./problem";

export type Paths = RuleServicePaths & MetricsPaths & AlertProducerPaths & IngestPaths;

const SAFE = new Set(["GET", "HEAD"]);

const guard: Middleware = {
  onRequest({ request }) {
    // Other sites cannot set it: that is how the services know that a change comes from here.
    if (!SAFE.has(request.method)) request.headers.set("x-alerting-csrf", "1");
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await toApiError(response);
  },
  onError({ error, request }) {
    return error instanceof ApiError || request.signal.aborted ? undefined : new ApiError(0, UNREACHABLE);
  },
};

export const api = createClient<Paths>({
  baseUrl: window.location.origin,
  // Repeated names for lists, as FastAPI reads them.
  querySerializer: { array: { style: "form", explode: true } },
  // Looked up at each call, so that tests can put their own in its place.
  fetch: (request) => globalThis.fetch(request),
});
api.use(guard);

/** Wait for an answer and return its body; what is no success was thrown as `ApiError`. */
export async function take<Answer extends { data?: unknown }>(
  answer: Promise<Answer>,
): Promise<NonNullable<Answer["data"]>> {
  const { data } = await answer;
  return data as NonNullable<Answer["data"]>;
}

/** The header that makes a change fail with 412 when somebody else was faster. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
