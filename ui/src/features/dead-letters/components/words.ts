/** What the platform's names mean. */

export const TOPICS = ["alerts.new", "rule.changed", "alerts.matched", "notifications.ready"] as const;
export type Topic = (typeof TOPICS)[number];

const TOPIC_WORDS: Readonly<Partial<Record<string, string>>> & Record<Topic, string> = {
  "alerts.new": "Alerts that came in",
  "rule.changed": "Changes of rules",
  "alerts.matched": "Alerts that matched rules",
  "notifications.ready": "Notifications to send",
};

export const REASONS = [
  "empty",
  "undecodable",
  "missing_field",
  "invalid_field",
  "too_long",
  "rejected_by_database",
] as const;
export type Reason = (typeof REASONS)[number];

interface ReasonInWords {
  word: string;
  meaning: string;
}

const REASON_WORDS: Readonly<Partial<Record<string, ReasonInWords>>> & Record<Reason, ReasonInWords> = {
  empty: { word: "Empty", meaning: "The message had no content. To send it again will not help." },
  undecodable: {
    word: "Not readable",
    meaning: "Its bytes are no message of this kind. Most often something else wrote them, or a newer version did.",
  },
  missing_field: {
    word: "Something is missing",
    meaning: "A field that every such message has is not there. The program that wrote it has to be mended.",
  },
  invalid_field: {
    word: "A wrong value",
    meaning: "A field has a value that cannot be, such as a severity that there is not.",
  },
  too_long: { word: "Too long", meaning: "A text or the message as a whole is longer than is allowed." },
  rejected_by_database: {
    word: "Refused by the database",
    meaning: "The message is well-formed, and PostgreSQL would not take it. After the cause is gone, send it again.",
  },
};

export const topicInWords = (topic: string): string => TOPIC_WORDS[topic] ?? topic;

/** A reason in words; one that is not known is shown as it is. */
export const reasonInWords = (reason: string): ReasonInWords => REASON_WORDS[reason] ?? { word: reason, meaning: "" };
