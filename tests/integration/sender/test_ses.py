"""The real AWS library, against a server that answers as SES's documentation says."""

import base64
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from alerting.sender.channels.email.channel import EmailChannel
from alerting.sender.delivery import DeliveryError
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, make_delivery

TO = make_delivery(type="email", value="oncall@example.com")
PATH = "/v2/email/outbound-emails"
TAKEN = Answer(200, b'{"MessageId": "0100018b"}', {"content-type": "application/json"})


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@asynccontextmanager
async def channel(url: str, **more: Any) -> AsyncIterator[EmailChannel]:
    given = {"email_transport": "ses", "ses_region": "eu-central-1", "ses_endpoint_url": url}
    made = EmailChannel(SenderSettings(**{**given, **more}), lambda: 1_700_000_000.0)
    try:
        yield made
    finally:
        await made.close()


def refusal(code: str) -> Answer:
    body = orjson.dumps({"message": "because"})
    status = 429 if code.startswith("TooMany") else 400
    return Answer(status, body, {"x-amzn-errortype": code, "content-type": "application/json"})


async def test_a_mail_goes_out_as_it_is(receiver: Receiver) -> None:
    receiver.answers[PATH] = [TAKEN]
    async with channel(receiver.url, ses_configuration_set="alerts", smtp_from="Alerts <alerts@example.org>") as mails:
        receipt = await mails.send(TO)
        await mails.send(TO)
    assert (receipt.status, receipt.response) == (200, "0100018b")
    request, second = receiver.at(PATH)
    assert "Credential=AKIDEXAMPLE" in request.headers["authorization"]
    sent = request.json
    assert sent["Destination"] == {"ToAddresses": ["oncall@example.com"]}
    assert (sent["FromEmailAddress"], sent["ConfigurationSetName"]) == ("Alerts <alerts@example.org>", "alerts")
    raw = base64.b64decode(sent["Content"]["Raw"]["Data"])
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == "[HIGH] payments: PaymentTimeout"
    assert message["X-Delivery-Id"] == TO.id
    assert second.json == sent


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("MessageRejected", {"permanent"}),
        ("BadRequestException", {"permanent"}),
        ("TooManyRequestsException", {"ours", "throttled"}),
        ("SendingPausedException", {"ours"}),
        ("AccountSuspendedException", {"ours"}),
        ("MailFromDomainNotVerifiedException", {"ours"}),
    ],
)
async def test_a_refusal_says_by_its_code_what_follows(receiver: Receiver, code: str, words: set[str]) -> None:
    receiver.answers[PATH] = [refusal(code), TAKEN]
    async with channel(receiver.url) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert {word for word in ("permanent", "ours", "throttled") if getattr(caught.value, word)} == words
        # One attempt is one request, and the next is not hurt.
        assert len(receiver.at(PATH)) == 1
        assert (await mails.send(TO)).status == 200
    assert "hunter2" not in str(caught.value) + caught.value.response


async def test_no_answer_of_ses_is_ours_to_mend(receiver: Receiver) -> None:
    receiver.answers[PATH] = [Answer(delay=10)]
    for url in (receiver.url, "http://127.0.0.1:1"):
        async with channel(url, attempt_timeout=0.3) as mails:
            with pytest.raises(DeliveryError) as caught:
                await mails.send(TO)
        assert caught.value.ours
        assert not caught.value.permanent


async def test_no_credentials_are_ours_to_mend(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    async with channel(receiver.url) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
    assert caught.value.ours
