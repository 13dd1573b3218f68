import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from alerting.sender.channels.webhook.signature import signature_headers
from alerting.sender.delivery import DeliveryError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def test_the_specifications_own_example() -> None:
    headers = signature_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}', [SECRET])
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(min_size=24, max_size=64))
def test_a_receivers_library_verifies_it(key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = signature_headers("id", now(), b'{"a": "\xc3\xa9"}', [secret])
    assert Webhook(secret).verify('{"a": "é"}', headers) == {"a": "é"}


@pytest.mark.parametrize("known", [SECRET, OTHER])
def test_while_it_is_rotated_either_secret_verifies_it(known: str) -> None:
    headers = signature_headers("id", now(), b"{}", [OTHER, SECRET])
    assert Webhook(known).verify("{}", headers) == {}


@pytest.mark.parametrize(
    "change", [{"webhook-id": "other"}, {"webhook-timestamp": str(now() + 1)}, {"webhook-signature": "v1,AAAA"}]
)
def test_what_was_changed_is_noticed(change: dict[str, str]) -> None:
    headers = signature_headers("id", now(), b"{}", [SECRET])
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify("{}", headers | change)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify("[]", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify("{}", headers)


@pytest.mark.parametrize("secrets", [[], ["whsec_%"], ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], [SECRET, "whsec_é"]])
def test_nothing_goes_out_unsigned_and_no_secret_is_told(secrets: list[str]) -> None:
    with pytest.raises(DeliveryError) as caught:
        signature_headers("id", 1, b"{}", secrets)
    assert caught.value.ours
    assert not any(secret in str(caught.value) for secret in secrets)
