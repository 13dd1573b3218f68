import pytest
from pydantic import ValidationError

from alerting.runtime.config import load
from alerting.sender.settings import SenderSettings


def test_no_private_network_is_allowed_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(SenderSettings).allowed_networks == []
    monkeypatch.setenv("ALERTING_ALLOWED_NETWORKS", '["10.20.0.0/16", "fd00::/8"]')
    assert [str(network) for network in load(SenderSettings).allowed_networks] == ["10.20.0.0/16", "fd00::/8"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALERTING_ALLOWED_NETWORKS", '["10.20.0.1/16"]'),
        ("ALERTING_LEASE", "14"),
        ("ALERTING_RETRY_DELAYS", "[-1]"),
        ("ALERTING_SMTP_FROM", "nobody"),
        ("ALERTING_SMTP_STARTTLS", "sometimes"),
    ],
)
def test_a_bad_setting_stops_the_process_with_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        load(SenderSettings)
    assert name in capsys.readouterr().err


def test_a_lease_outlasts_an_attempt() -> None:
    assert SenderSettings(attempt_timeout=30, lease=36).lease == 36
    with pytest.raises(ValidationError):
        SenderSettings(attempt_timeout=60)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(SenderSettings(smtp_password="secret"))
