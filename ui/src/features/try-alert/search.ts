import { SEVERITIES } from "@/components/Severity";
import { oneOf, type SearchOf, searchSchema, text } from "@/components/urlState";

export const tryAlertSearch = searchSchema({
  severity: oneOf(SEVERITIES),
  source: text(),
  name: text(),
  client_id: text(),
});

export type TrySearch = SearchOf<typeof tryAlertSearch>;
