import { searchSchema } from "@/components/urlState";

export const overviewSearch = searchSchema({});
