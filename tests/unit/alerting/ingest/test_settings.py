import pytest

from alerting.ingest.settings import IngestSettings
from alerting.runtime.config import load


def test_integrations_come_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTING_INTEGRATIONS", '{"prom": {"drop_labels": ["replica", "az"]}}')
    assert load(IngestSettings).integrations["prom"].drop_labels == ("replica", "az")


@pytest.mark.parametrize("wrong", ['{"Prom!": {}}', '{"prom": {"unknown": 1}}', '{"": {}}', "[]"])
def test_a_wrong_setting_stops_the_start(
    wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALERTING_INTEGRATIONS", wrong)
    with pytest.raises(SystemExit):
        load(IngestSettings)
    assert "ALERTING_INTEGRATIONS" in capsys.readouterr().err


def test_the_broker_is_given_up_before_prometheus_gives_up() -> None:
    assert IngestSettings().produce_timeout < 10
