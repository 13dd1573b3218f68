import { searchSchema, text } from "@/components/urlState";

export const deadLettersSearch = searchSchema({ topic: text(), reason: text(), after: text() });
