import { pageFields } from "@/components/cursorPaging";
import { flag, oneOf, searchSchema, text } from "@/components/urlState";

const COLUMNS = ["id", "client_id", "type", "updated_at"] as const;
export const ENDPOINT_SORTS = COLUMNS.flatMap((column) => [column, `-${column}`] as const);

export const endpointsSearch = searchSchema({
  search: text(),
  client_id: text(),
  rule_id: text(),
  type: text(),
  enabled: flag(),
  health: oneOf(["ok", "failing", "open", "disabled"]),
  sort: oneOf(ENDPOINT_SORTS),
  ...pageFields,
});
