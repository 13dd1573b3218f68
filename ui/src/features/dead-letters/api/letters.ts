import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/rule-service";
import type { Topic } from "../components/words";

export type DeadLetter = components["schemas"]["DeadLetter"];
export type DeadLetterDetail = components["schemas"]["DeadLetterDetail"];
export type LetterCount = components["schemas"]["LetterCount"];
export type Place = components["schemas"]["LetterPlace"];

export interface LetterFilter {
  topic?: Topic | undefined;
  reason?: string | undefined;
}

const given = ({ topic, reason }: LetterFilter) => ({ ...(topic && { topic }), ...(reason && { reason }) });

export const lettersQuery = (filter: LetterFilter, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["dead-letters", "list", given(filter), cursor],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/dead-letters", {
          params: { query: { ...given(filter), limit: 50, ...(cursor && { cursor }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const summaryQuery = queryOptions({
  queryKey: ["dead-letters", "summary"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/dead-letters/summary", { signal })),
});

export const letterQuery = ({ topic, partition, offset }: Place) =>
  queryOptions({
    queryKey: ["dead-letters", topic, partition, offset],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/dead-letters/{topic}/{partition}/{offset}", {
          params: { path: { topic, partition, offset } },
          signal,
        }),
      ),
  });
