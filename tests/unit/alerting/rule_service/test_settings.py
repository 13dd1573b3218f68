import pytest

from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import load


@pytest.mark.parametrize("name", ["ALERTING_ALLOW_CATCH_ALL_RULES", "ALLOW_CATCH_ALL_RULES"])
def test_catch_all_rules_are_allowed_by_either_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert not load(RuleServiceSettings).allow_catch_all_rules
    monkeypatch.setenv(name, "true")
    assert load(RuleServiceSettings).allow_catch_all_rules
    assert RuleServiceSettings(allow_catch_all_rules=False).allow_catch_all_rules is False


def test_a_wrong_value_is_told_by_the_settings_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOW_CATCH_ALL_RULES", "perhaps")
    with pytest.raises(SystemExit):
        load(RuleServiceSettings)
    assert capsys.readouterr().err.startswith("ALERTING_ALLOW_CATCH_ALL_RULES: ")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://127.0.0.1:8083", "http://127.0.0.1:8083"),
        ("https://metrics.internal/", "https://metrics.internal"),
        ("http://[::1]:8083/below/", "http://[::1]:8083/below"),
    ],
)
def test_where_another_service_is(url: str, kept: str) -> None:
    assert RuleServiceSettings(metrics_url=url).metrics_url == kept


@pytest.mark.parametrize(
    "url",
    [
        *("", "metrics", "127.0.0.1:8083", "ftp://metrics", "http://", "http://:80", "http://x:y", "http://x:99999"),
        *("http://x?y", "http://x#y", "http://user:s3cr3t@x", "http://[::1", "file:///etc/passwd"),
    ],
)
def test_what_is_no_address_of_a_service(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("ALERTING_METRICS_URL", url)
    with pytest.raises(SystemExit):
        load(RuleServiceSettings)
    told = capsys.readouterr().err
    assert told.startswith("ALERTING_METRICS_URL: ")
    assert "s3cr3t" not in told


def test_the_port_is_the_services_own() -> None:
    assert RuleServiceSettings().port == 8081
