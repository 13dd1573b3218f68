import { oneOf, searchSchema } from "@/components/urlState";

export const servicesSearch = searchSchema({ minutes: oneOf(["60", "1440"]), show: oneOf(["table"]) });
