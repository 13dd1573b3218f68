import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "@/api/problem";
import { EmptyState } from "./EmptyState";
import { ErrorState } from "./ErrorState";
import { StaleBanner } from "./StaleBanner";

interface QueryStateProps<Data> {
  query: UseQueryResult<Data>;
  /** What is loaded, for the error: `the rule`. */
  what: string;
  /** Drawn while there is nothing yet; grey bars otherwise. */
  loading?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** All that a query can be: loading, failed, stale, or there. */
export function QueryState<Data>({ query, what, loading, children }: QueryStateProps<Data>) {
  const retry = (): void => void query.refetch();
  if (query.data === undefined) {
    if (isMissing(query.error)) return <Missing detail={query.error.detail} />;
    if (query.isError) return <ErrorState error={query.error} what={`Could not load ${what}`} onRetry={retry} />;
    return loading ?? <Loading what={what} />;
  }
  return (
    <>
      {query.isError && <StaleBanner error={query.error} since={query.dataUpdatedAt} onRetry={retry} />}
      {children(query.data)}
    </>
  );
}

const isMissing = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 404;

/** What is not there does not come by asking again. */
function Missing({ detail }: { detail: string }) {
  return (
    <div className="surface">
      <EmptyState title={detail.replace(/\.$/, "")} hint="It may have been deleted, or the link is mistyped." />
    </div>
  );
}

function Loading({ what }: { what: string }) {
  return (
    <Stack gap="sm" role="status" aria-label={`Loading ${what}`}>
      <Skeleton h={28} w="40%" />
      <Skeleton h={18} />
      <Skeleton h={18} w="80%" />
    </Stack>
  );
}
