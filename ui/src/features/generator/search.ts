import { searchSchema, text } from "@/components/urlState";

export const generatorSearch = searchSchema({ kind: text() });
