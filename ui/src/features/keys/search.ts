import { pageFields } from "@/components/cursorPaging";
import { searchSchema, text } from "@/components/urlState";

export const keysSearch = searchSchema({ scope: text(), ...pageFields });
