import { pageFields } from "@/components/cursorPaging";
import { flag, oneOf, searchSchema, text } from "@/components/urlState";

export const endpointsSearch = searchSchema({
  search: text(),
  client_id: text(),
  rule_id: text(),
  type: text(),
  enabled: flag(),
  health: oneOf(["ok", "failing", "open", "disabled"]),
  sort: text(),
  ...pageFields,
});
