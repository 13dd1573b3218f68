import { searchSchema } from "@/components/urlState";

export const integrationsSearch = searchSchema({});
