/** What metrics tells of the platform itself, for administrators. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/metrics";

type Schemas = components["schemas"];
export type PipelineFigures = Schemas["PipelineFigures"];
export type ServiceFigures = Schemas["ServiceFigures"];
export type Instance = Schemas["Instance"];
export type TopicFigures = Schemas["TopicFigures"];
export type NotificationFigures = Schemas["NotificationFigures"];
export type History = Schemas["History"];

/** Everything now; its notifications are those of the last `hours`. */
export const pipelineQuery = (hours: number) =>
  queryOptions({
    queryKey: ["metrics", "pipeline", hours],
    queryFn: ({ signal }) => take(api.GET("/api/v1/metrics/pipeline", { params: { query: { hours } }, signal })),
  });

export const historyQuery = (minutes: number) =>
  queryOptions({
    queryKey: ["metrics", "history", minutes],
    queryFn: ({ signal }) => take(api.GET("/api/v1/metrics/history", { params: { query: { minutes } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: minutes > 60 ? 60_000 : 10_000,
  });
