/** What an address must look like, said while one types; the service has the last word. */

import type { EndpointType } from "./types";

const MOST_CHARACTERS = 2048;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})*$`);
const PRINTABLE = /^[!-~]*$/;
const TAIL = 4;
const LEAST_HIDDEN = 16;

/** Return what is wrong with an address, or null. */
export function addressFault(type: EndpointType, value: string): string | null {
  if (value === "") return type === "email" ? "Enter an e-mail address." : "Enter a URL.";
  if (value.length > MOST_CHARACTERS) return "It is too long: 2,048 characters at most.";
  if (type === "email") return emailFault(value);
  if (!PRINTABLE.test(value)) return "A URL has no spaces and no letters outside of ASCII: escape them.";
  if (type === "apprise") {
    return /^[a-z][a-z0-9+-]*:\/\/./.test(value)
      ? null
      : "It begins with a service and ://, such as tgram://TOKEN/CHAT.";
  }
  return urlFault(type, value);
}

function emailFault(value: string): string | null {
  if (!value.includes("@")) return "An e-mail address has an @.";
  if (!EMAIL.test(value)) return "This is not an e-mail address. Enter it without a name, such as oncall@example.com.";
  return null;
}

function urlFault(type: "slack" | "webhook", value: string): string | null {
  // A plain http:// is for tests: the service decides whether this deployment lets Slack have it.
  if (!/^https?:\/\//.test(value)) {
    return type === "slack" ? "The URL begins with https://." : "The URL begins with https:// or http://.";
  }
  const url = URL.parse(value);
  if (url === null || url.hostname === "") return "The URL has no host, or a port that is none.";
  if (url.username !== "" || url.password !== "") return "The URL may have no user name and password.";
  if (value.includes("#")) return "Leave out what begins with #: it would not be sent.";
  return null;
}

/** An address as lists show it: enough to recognise one, and nothing that whoever sees it could use. */
export function shownAddress(type: EndpointType, value: string): string {
  if (type === "email") return value;
  const [, scheme = "", rest = ""] = /^(.*?):\/\/(.*)$/.exec(value) ?? [];
  if (type === "apprise") return `${scheme}://${hidden(rest)}`;
  const [, host = "", path = ""] = /^(?:[^/?#]*@)?([^/?#]*)(.*)$/.exec(rest) ?? [];
  return `${scheme}://${host}${path === "" || path === "/" ? path : `/${hidden(path)}`}`;
}

const hidden = (secret: string): string => `…${secret.length > LEAST_HIDDEN ? secret.slice(-TAIL) : ""}`;
