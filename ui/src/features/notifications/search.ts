import { pageFields } from "@/components/cursorPaging";
import { SEVERITIES } from "@/components/Severity";
import { NOTIFICATION_STATUSES } from "@/components/StatusBadge";
import { timeRangeFields } from "@/components/timeRange";
import { listOf, searchSchema, text } from "@/components/urlState";

export const notificationsSearch = searchSchema({
  search: text(),
  client_id: text(),
  status: listOf(NOTIFICATION_STATUSES),
  severity: listOf(SEVERITIES),
  source: text(),
  name: text(),
  rule_id: text(),
  ...timeRangeFields,
  ...pageFields,
});
