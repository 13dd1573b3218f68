/**
 * The newest notifications as they come. While one reads, the rows hold still: what is shown ends at a moment, up to
 * which it is asked for again, so that the states of the rows stay true; what came after that moment is only counted.
 */

import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { type Live, useLive } from "@/components/useLive";
import { countQuery } from "../api/countNotifications";
import type { NotificationFilter, NotificationsSearch } from "../api/filter";
import { type NotificationPage, notificationsQuery } from "../api/listNotifications";

export const TAIL_MILLISECONDS = 3_000;

interface Held {
  /** The address's, for which it is held: another filter begins anew. */
  search: NotificationsSearch;
  /** The moment after the newest row. */
  to: string;
  page: NotificationPage;
  at: number;
}

export interface Tail {
  query: UseQueryResult<NotificationPage>;
  live: Live;
  /** Whether new rows can come at all: not on older pages, nor before a given end. */
  follows: boolean;
  holds: boolean;
  newer: { count: number; more: boolean };
  showNewer: () => Promise<void>;
}

/** The first millisecond in which nothing on the page was made; undefined when it is empty. */
export function momentAfter(page: NotificationPage): string | undefined {
  const newest = page.items[0];
  return newest && new Date(Date.parse(newest.created_at) + 1).toISOString();
}

export function useTail(
  search: NotificationsSearch,
  filter: NotificationFilter,
  cursor: string | undefined,
  reading: boolean,
): Tail {
  const queries = useQueryClient();
  const live = useLive(TAIL_MILLISECONDS);
  const [held, setHeld] = useState<Held>();
  const follows = cursor === undefined && filter.to === undefined;
  const wantsHold = follows && (live.paused || reading);
  const holds = held !== undefined && wantsHold && held.search === search;

  const shown = holds ? { ...filter, to: held.to } : filter;
  const query = useQuery({
    ...notificationsQuery(shown, cursor),
    ...(holds && { initialData: held.page, initialDataUpdatedAt: held.at, gcTime: 0 }),
    ...live.options,
  });
  const counted = useQuery({
    ...countQuery(holds ? { ...filter, from: held.to } : filter),
    enabled: holds,
    refetchInterval: TAIL_MILLISECONDS,
    refetchIntervalInBackground: false,
  });

  const hold = (page: NotificationPage, at: number): void => {
    const to = momentAfter(page);
    if (to !== undefined) setHeld({ search, to, page, at });
  };
  if (wantsHold && !holds && query.data?.items.length && !query.isPlaceholderData)
    hold(query.data, query.dataUpdatedAt);
  if (!wantsHold && held !== undefined) setHeld(undefined);

  const showNewer = async (): Promise<void> => {
    const page = await queries.query({ ...notificationsQuery(filter), staleTime: 0 });
    if (holds) hold(page, Date.now());
  };
  return { query, live, follows, holds, newer: counted.data && holds ? counted.data : NONE, showNewer };
}

const NONE = { count: 0, more: false };
