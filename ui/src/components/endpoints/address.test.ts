import { describe, expect, it } from "vitest";
import { addressFault, shownAddress } from "./address";

describe("an address is", () => {
  it.each([
    ["email", "oncall@example.com"],
    ["email", "on.call+db@intranet"],
    ["slack", "https://hooks.slack.com/services/T0/B0/x"],
    ["webhook", "http://127.0.0.1:9000/alerts?team=db"],
    ["apprise", "tgram://token/chat"],
  ] as const)("good: %s %s", (type, value) => expect(addressFault(type, value)).toBeNull());

  it.each([
    ["email", "", "Enter an e-mail address."],
    ["email", "example.com", "has an @"],
    ["email", "On Call <oncall@example.com>", "without a name"],
    ["slack", "hooks.slack.com/services", "begins with https://."],
    ["webhook", "ftp://example.com", "https:// or http://"],
    ["webhook", "https://", "no host"],
    ["webhook", "https://example.com:99999/", "port that is none"],
    ["webhook", "https://me:secret@example.com/", "user name"],
    ["webhook", "https://example.com/#a", "#"],
    ["webhook", "https://example.com/a b", "spaces"],
    ["apprise", "token/chat", "begins with a service"],
  ] as const)("not good: %s %s", (type, value, said) => expect(addressFault(type, value)).toContain(said));
});

describe("an address is shown", () => {
  it.each([
    ["email", "oncall@example.com", "oncall@example.com"],
    ["slack", "https://hooks.slack.com/services/T0/B0/abcdefgh1234", "https://hooks.slack.com/…1234"],
    ["webhook", "https://example.com/in", "https://example.com/…"],
    ["webhook", "https://example.com", "https://example.com"],
    ["webhook", "https://example.com/", "https://example.com/"],
    ["webhook", "https://example.com?token=abcdefghijklmnop", "https://example.com/…mnop"],
    ["apprise", "tgram://123456:ABCDEF-ghijkl/9876", "tgram://…9876"],
  ] as const)("%s %s as %s", (type, value, shown) => expect(shownAddress(type, value)).toBe(shown));
});
