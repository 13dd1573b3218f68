import { pageFields } from "@/components/cursorPaging";
import { RULE_SEVERITIES } from "@/components/Severity";
import { flag, oneOf, searchSchema, text } from "@/components/urlState";

const COLUMNS = ["id", "client_id", "source", "name", "severity", "updated_at"] as const;
export const RULE_SORTS = COLUMNS.flatMap((column) => [column, `-${column}`] as const);

export const rulesSearch = searchSchema({
  search: text(),
  client_id: text(),
  severity: oneOf(RULE_SEVERITIES),
  source: text(),
  name: text(),
  enabled: flag(),
  sort: oneOf(RULE_SORTS),
  ...pageFields,
});

/** Of the form: what to begin with, such as a copy of another rule. */
export const newRuleSearch = searchSchema({
  client_id: text(),
  severity: oneOf(RULE_SEVERITIES),
  source: text(),
  name: text(),
  copy_of: text(),
});
