import { oneOf, searchSchema } from "./urlState";

/** Of a thing's page: which of its tabs is shown. */
export const thingSearch = searchSchema({ tab: oneOf(["edit", "history"]) });
