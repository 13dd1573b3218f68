import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { components } from "@/api/schema/alert-producer";

export type Job = components["schemas"]["JobAnswer"];
export type Catalog = components["schemas"]["Catalog"];
export type Mix = components["schemas"]["Mix"];
export type JobRequest =
  | components["schemas"]["ContinuousRequest"]
  | components["schemas"]["BurstRequest"]
  | components["schemas"]["OneRequest"];

export const isRunning = ({ status }: Pick<Job, "status">): boolean => status === "running" || status === "stopping";

export const catalogQuery = queryOptions({
  queryKey: ["jobs", "catalog"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/catalog", { signal })),
  staleTime: 60_000,
});

export const jobsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ["jobs", "list", cursor],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/jobs", { params: { query: { limit: 25, ...(cursor && { cursor }) } }, signal })),
    placeholderData: keepPreviousData,
  });

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["jobs", jobId],
    queryFn: ({ signal }) => take(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
  });

export function useStartJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: JobRequest) => take(api.POST("/api/v1/jobs", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function useStopJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) =>
      take(api.POST("/api/v1/jobs/{job_id}/stop", { params: { path: { job_id: jobId } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
