/** Renders a page as the app does, with answers of one's choice in place of the services. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import type { Fault } from "@/api/problem";
import { type Session, sessionQuery } from "@/api/session";
import { parseSearch, stringifySearch } from "@/components/urlState";

export interface Call {
  method: string;
  url: URL;
  headers: Headers;
  body: unknown;
}

type Answer = (call: Call) => Response;

export const json =
  (body: unknown, status = 200): Answer =>
  () =>
    Response.json(body, { status });

export const nothing = (): Answer => () => new Response(null, { status: 204 });

export const problem =
  (status: number, detail: string, errors: readonly Fault[] = [], headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(JSON.stringify({ type: "about:blank", title: detail, status, detail, errors }), {
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    });

/** Answer requests by `METHOD /path`; what is not listed is a failure to connect. Returns the calls as they come. */
export function serve(answers: Readonly<Record<string, Answer>>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    request.signal.throwIfAborted();
    const url = new URL(request.url);
    const text = await request.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const call = { method: request.method, url, headers: request.headers, body };
    calls.push(call);
    const answer = answers[`${request.method} ${url.pathname}`];
    if (answer === undefined) throw new TypeError(`nobody answers ${request.method} ${url.pathname}`);
    return answer(call);
  });
  return calls;
}

interface PageOptions {
  /** The address that the page is at, with its search parameters. */
  url?: string;
  /** Its pattern when it has parameters: `/rules/$ruleId`. */
  path?: string;
  session?: Partial<Session>;
}

const ADMIN: Session = {
  key_id: "k1",
  name: "test",
  scope: "admin",
  client_id: null,
  client_name: null,
  expires_at: "2030-01-01T00:00:00Z",
  version: "0.1.0",
};

/** Render a page in a router of its own, whose other addresses show nothing. */
export async function renderPage(page: ReactNode, { url = "/", path, session = {} }: PageOptions = {}) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  queries.setQueryData(sessionQuery.queryKey, { ...ADMIN, ...session });
  const root = createRootRoute();
  const here = createRoute({
    getParentRoute: () => root,
    path: path ?? new URL(url, window.location.origin).pathname,
    component: () => page,
  });
  const elsewhere = createRoute({ getParentRoute: () => root, path: "$", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([here, elsewhere]),
    history: createMemoryHistory({ initialEntries: [url] }),
    parseSearch,
    stringifySearch,
  });
  await router.load();
  const view = render(
    <MantineProvider env="test">
      <Notifications />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, queries, address: () => router.state.location.href };
}
