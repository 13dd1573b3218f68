import { pageFields } from "@/components/cursorPaging";
import { flag, oneOf, searchSchema, text } from "@/components/urlState";

export const CLIENT_SORTS = ["id", "-id", "name", "-name", "created_at", "-created_at"] as const;

export const clientsSearch = searchSchema({
  search: text(),
  enabled: flag(),
  sort: oneOf(CLIENT_SORTS),
  ...pageFields,
});
