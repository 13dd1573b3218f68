import pytest

from alerting.deliveries.shown import shown_address


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "ops@acme.example", "ops@acme.example"),
        ("webhook", "https://acme.example", "https://acme.example"),
        ("webhook", "https://acme.example:8443/", "https://acme.example:8443/"),
        ("webhook", "https://acme.example/hook", "https://acme.example/…"),
        ("webhook", "https://acme.example/hooks/0123456789abcdef", "https://acme.example/…cdef"),
        ("webhook", "https://acme.example?token=0123456789abcdef", "https://acme.example/…cdef"),
        ("webhook", "https://me:secret@acme.example/", "https://acme.example/"),
        ("slack", "https://hooks.slack.com/services/T000/B000/abcdefghijkl", "https://hooks.slack.com/…ijkl"),
        ("apprise", "tgram://0123456789:abcdefghijk/12345678", "tgram://…5678"),
        ("apprise", "pover://user@token", "pover://…"),
    ],
)
def test_an_address_is_recognised_and_not_usable(kind: str, value: str, shown: str) -> None:
    assert shown_address(kind, value) == shown
