"""The reference of the settings has all of them."""

import re

import pytest

from alerting.doctor.known_settings import SERVICES
from alerting.runtime.config import Settings
from docsite.configuration import reference

PAGE = reference()


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    cells = (re.split(r" (?<!\\)\| ", line.strip("| ")) for line in section(title).splitlines() if "`ALERTING_" in line)
    return {name.strip("`"): rest for name, *rest in cells}


def test_what_every_service_reads_is_told_once() -> None:
    assert rows("Every service").keys() == {f"ALERTING_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_own_settings_are_told(service: str) -> None:
    own = SERVICES[service].model_fields.keys() - Settings.model_fields.keys()
    assert {f"ALERTING_{name.upper()}" for name in own} <= rows(service).keys()


def test_another_default_is_told_where_it_counts() -> None:
    assert rows("evaluator")["ALERTING_BATCH_SIZE"][1] == "10,000"
    assert "ALERTING_BATCH_SIZE" not in rows("ingest")


@pytest.mark.parametrize("title", ["Every service", *SERVICES])
def test_each_setting_says_what_it_is(title: str) -> None:
    assert [name for name, (*_, about) in rows(title).items() if about == "–"] == []


def test_values_are_in_words() -> None:
    told = {name: cells[:2] for name, cells in rows("Every service").items()}
    assert told["ALERTING_LOG_FORMAT"] == ["`json` or `console`", "`json`"]
    assert told["ALERTING_KAFKA_SESSION_TIMEOUT"] == ["number ≥\N{NO-BREAK SPACE}6", "10"]
    assert told["ALERTING_POSTGRES_PASSWORD"] == ["text, secret", "–"]
    assert told["ALERTING_KAFKA_PROPERTIES"] == ["JSON", "`{}`"]
