import { oneOf, searchSchema } from "@/components/urlState";
import { SOURCE_IDS } from "./components/sourceNames";

/** `source` is what is being connected. */
export const integrationsSearch = searchSchema({ source: oneOf(SOURCE_IDS) });
