/** What a receiver's answer means, and what to do about it. */

import type { Attempt, Delivery } from "../api/getNotification";

const BY_STATUS: Readonly<Record<number, string>> = {
  400: "The receiver does not understand the message. Check that the address expects it in this form.",
  401: "The receiver wants to know who is asking. Check the address, or the token in it.",
  403: "The receiver does not let us in. Check the address, or the token in it.",
  404: "The receiver has nothing at this address. It may have been deleted there, or mistyped here.",
  405: "The receiver takes no messages at this address. Check it.",
  408: "The receiver waited too long for the message. It is tried again.",
  410: "The receiver says that it is gone for good, so its endpoint was turned off.",
  413: "The message is larger than the receiver takes.",
  425: "The receiver asks to come again later.",
  429: "The receiver gets too many messages. It is left alone for a minute at least, or for as long as it asks.",
};

const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /no mail server|mail was not taken|mail server did not answer|no answer of SES/,
    "The platform could not reach its own mail server. It says nothing about the receiver.",
  ],
  [/mail server answered 5|SES answered/, "The mail server refuses this mail. Check the address; its answer says why."],
  [/mail server answered 4/, "The mail server asks to come again later."],
  [/no enabled endpoint/, "The endpoint was turned off, changed or deleted while the delivery waited."],
  [/could not be delivered in time/, "The time that the endpoint allows was over before an attempt succeeded."],
  [
    /private or special address/,
    "For safety, addresses within private networks are not called unless an operator allows it.",
  ],
  [/no answer in time/, "The receiver took the message but did not answer in time; it may have it all the same."],
  [/no TLS connection/, "The receiver's certificate is not valid, or it does not speak TLS at this port."],
  [/no connection/, "Nobody listens there, the name is not known, or a firewall is in between."],
];

/** Explain why an attempt failed; undefined when there is nothing to add to its error. */
export function explainAttempt({
  status_code: status,
  error,
}: Pick<Attempt, "status_code" | "error">): string | undefined {
  if (error === null) return undefined;
  const words = BY_WORDS.find(([pattern]) => pattern.test(error));
  if (words) return words[1];
  if (status === null || !error.startsWith("the receiver answered")) return undefined;
  if (BY_STATUS[status] !== undefined) return BY_STATUS[status];
  if (status >= 300 && status < 400)
    return "The receiver has moved. Enter its new address: redirects are not followed.";
  if (status >= 500 && status < 600)
    return "The receiver has a fault of its own. There is nothing wrong with the message.";
  return undefined;
}

type Ended = Pick<Delivery, "status" | "configuration_error" | "last_status" | "last_error">;

/** Explain the state of a delivery that has not arrived. */
export function explainDelivery(delivery: Ended): string | undefined {
  if (delivery.status === "DELIVERED") return undefined;
  const why = explainAttempt({ status_code: delivery.last_status, error: delivery.last_error });
  if (!delivery.configuration_error) return why;
  return `${why ?? ""} More than one answer was like this, so the endpoint is probably set up wrongly.`.trim();
}
