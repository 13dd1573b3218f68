import { SEVERITIES } from "@/components/Severity";
import { oneOf, searchSchema, text } from "@/components/urlState";

export const tryAlertSearch = searchSchema({
  severity: oneOf(SEVERITIES),
  source: text(),
  name: text(),
  client_id: text(),
});
