import { pageFields } from "@/components/cursorPaging";
import { oneOf, searchSchema } from "@/components/urlState";
import { REASONS, TOPICS } from "./components/words";

export const deadLettersSearch = searchSchema({ topic: oneOf(TOPICS), reason: oneOf(REASONS), ...pageFields });
