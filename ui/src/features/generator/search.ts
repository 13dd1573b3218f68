import { pageFields } from "@/components/cursorPaging";
import { oneOf, searchSchema, text } from "@/components/urlState";

/** `again` is the job whose options the form begins with. */
export const generatorSearch = searchSchema({
  kind: oneOf(["continuous", "burst", "one"]),
  again: text(),
  ...pageFields,
});
