/** What the page's address says of a filter, as the API wants it. */

import type { components } from "@/api/schema/rule-service";
import { boundsOf } from "@/components/timeRange";
import type { SearchOf } from "@/components/urlState";
import type { notificationsSearch } from "../search";

export type Notification = components["schemas"]["Notification"];
export type NotificationStatus = Notification["status"];
export type NotificationsSearch = SearchOf<typeof notificationsSearch>;

export interface NotificationFilter {
  client_id?: string;
  status?: NotificationStatus[];
  severity?: string[];
  source?: string;
  name?: string;
  rule_id?: string;
  search?: string;
  from?: string;
  to?: string;
}

export function filterOf(search: NotificationsSearch, now: Date): NotificationFilter {
  const filter = { ...search };
  // Not the API's, or said in other words there.
  delete filter.page;
  delete filter.last;
  delete filter.from;
  delete filter.to;
  return { ...filter, ...boundsOf(search, now) };
}

/** Whether any filter is set. */
export const isFiltered = (search: NotificationsSearch): boolean => Object.keys(search).some((name) => name !== "page");
