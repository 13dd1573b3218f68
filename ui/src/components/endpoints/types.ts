/** What kinds of endpoints there are, and what each wants to know. */

import type { components } from "@/api/schema/rule-service";

export type Endpoint = components["schemas"]["Endpoint"];
export type CreatedEndpoint = components["schemas"]["CreatedEndpoint"];
export type EndpointCreate = components["schemas"]["EndpointCreate"];
export type EndpointSummary = components["schemas"]["EndpointSummary"];
export type EndpointType = EndpointSummary["type"];

export interface TypeInWords {
  value: EndpointType;
  label: string;
  /** What the address is called. */
  address: string;
  placeholder: string;
  help: string;
}

export const ENDPOINT_TYPES: readonly TypeInWords[] = [
  {
    value: "email",
    label: "E-mail",
    address: "E-mail address",
    placeholder: "oncall@example.com",
    help: "One address, without a name around it. A mailing list reaches several people.",
  },
  {
    value: "slack",
    label: "Slack",
    address: "Webhook URL",
    placeholder: "https://hooks.slack.com/services/…",
    help: "In Slack, add an incoming webhook to the channel and paste its URL. Whoever has it can post there, so it is a secret.",
  },
  {
    value: "webhook",
    label: "Webhook",
    address: "URL",
    placeholder: "https://example.com/alerts",
    help: "Each notification is a signed POST with JSON. You get the secret to check the signature with when you save.",
  },
  {
    value: "apprise",
    label: "Other services",
    address: "Apprise URL",
    placeholder: "tgram://TOKEN/CHAT",
    help: "Telegram, Discord, PagerDuty, Opsgenie and others, by the URL that Apprise has for the service.",
  },
];

/** What an endpoint of this type is called, and what it wants. */
export function typeInWords(type: EndpointType): TypeInWords {
  const found = ENDPOINT_TYPES.find(({ value }) => value === type);
  if (found === undefined) throw new Error(`no such type of endpoint: ${type}`);
  return found;
}
