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


def test_the_port_is_the_services_own() -> None:
    assert RuleServiceSettings().port == 8081
