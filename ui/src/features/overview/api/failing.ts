/** What fails now; of a client, its own only. */

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/metrics";

export type Failing = components["schemas"]["Failing"];
export type FailingReceiver = components["schemas"]["FailingReceiver"];

export const failingQuery = queryOptions({
  queryKey: ["metrics", "failing"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/metrics/failing", { signal })),
});
