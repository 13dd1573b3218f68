import pytest

from alerting.events.v1 import NotificationReady
from alerting.runtime.errors import Malformed
from alerting.sender.ready import read_ready

ID = "01a208c8-9bc3-7249-aca4-4a690561b141"


def ready(notification_id: str) -> bytes:
    return NotificationReady(notification_id=notification_id, client_id="acme", alert_id="a1").SerializeToString()


@pytest.mark.parametrize("written", [ID, ID.upper(), ID.replace("-", "")])
def test_the_id_is_read_in_one_form(written: str) -> None:
    assert read_ready(ready(written)) == ID


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b"\xff\xff", "undecodable"),
        (ready(""), "empty" if not ready("") else "missing_field"),
        (ready("n1"), "invalid_field"),
        (ready("a" * 10_000), "invalid_field"),
        (ready("\0" + ID), "invalid_field"),
    ],
)
def test_what_names_no_notification_is_refused(value: bytes | None, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_ready(value)
    assert caught.value.reason == reason
