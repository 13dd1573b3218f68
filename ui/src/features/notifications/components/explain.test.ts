import { describe, expect, it } from "vitest";
import { explainAttempt, explainDelivery } from "./explain";

describe("explainAttempt", () => {
  it.each([
    [404, "the receiver answered 404 Not Found", /nothing at this address/],
    [302, "the receiver answered 302 Found, and redirects are not followed", /has moved/],
    [503, "the receiver answered 503 Service Unavailable", /fault of its own/],
    [550, "the mail server answered 550", /refuses this mail/],
    [null, "no mail server: SMTPConnectError", /own mail server/],
    [null, "no connection to hooks.example.com:443: refused", /Nobody listens/],
    [null, "no TLS connection to hooks.example.com:443: ClientConnectorCertificateError", /certificate/],
  ])("says what %s means", (status_code, error, meaning) => {
    expect(explainAttempt({ status_code, error })).toMatch(meaning);
  });

  it("has nothing to say of what succeeded, or of what it does not know", () => {
    expect(explainAttempt({ status_code: 200, error: null })).toBeUndefined();
    expect(explainAttempt({ status_code: 418, error: "the receiver answered 418" })).toBeUndefined();
  });
});

describe("explainDelivery", () => {
  const failed = { status: "PENDING", last_status: 404, last_error: "the receiver answered 404 Not Found" } as const;

  it("adds that the endpoint is set up wrongly", () => {
    expect(explainDelivery({ ...failed, configuration_error: true })).toMatch(/nothing at.*set up wrongly/);
    expect(explainDelivery({ ...failed, configuration_error: false })).not.toMatch(/set up wrongly/);
  });

  it("says nothing when it arrived after all", () => {
    expect(explainDelivery({ ...failed, status: "DELIVERED", configuration_error: true })).toBeUndefined();
  });
});
