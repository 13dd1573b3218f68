"""The list of metrics, and what of it one service shows."""

import re
import subprocess
import sys

import pytest

from alerting.runtime.ids import made_at
from alerting.runtime.metric import SERVICES, Listed
from alerting.runtime.telemetry import DELIVERIES, EVERY_METRIC

SHOW = """
import sys
from prometheus_client import generate_latest
from alerting.runtime.telemetry import show_process

show_process(sys.argv[1])
sys.stdout.buffer.write(generate_latest())
"""

# What one of these holds has as many values as there are clients, alerts, or callers with an idea.
UNBOUNDED = {
    "client",
    "client_id",
    "tenant",
    "alert_id",
    "rule_id",
    "endpoint",
    "address",
    "url",
    "path",
    "source",
    "name",
}

every = pytest.mark.parametrize("listed", EVERY_METRIC, ids=lambda listed: listed.name)


@every
def test_a_name_says_what_it_is(listed: Listed) -> None:
    assert re.fullmatch(r"alerting_[a-z]+(_[a-z]+)*", listed.name)
    assert listed.name.endswith("_total") == (listed.kind == "counter")
    if listed.kind == "histogram":
        assert listed.name.endswith("_seconds")


@every
def test_a_meaning_is_a_sentence_for_people(listed: Listed) -> None:
    assert len(listed.meaning) > 20 or listed.name == "alerting_rules"
    assert not listed.meaning.endswith(".")
    assert "|" not in listed.meaning


@every
def test_labels_are_bounded(listed: Listed) -> None:
    assert not UNBOUNDED & listed.labels.keys()
    assert len(listed.labels) <= 4
    assert set(listed.services) <= set(SERVICES)


def test_no_name_is_there_twice() -> None:
    assert len({listed.name for listed in EVERY_METRIC}) == len(EVERY_METRIC)


def shown(service: str) -> set[str]:
    text = subprocess.run([sys.executable, "-c", SHOW, service], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))


@pytest.mark.parametrize("service", ["sender", "evaluator"])
def test_a_service_shows_its_own_and_no_others(service: str) -> None:
    ours = {name for name in shown(service) if name.startswith("alerting_")}
    assert ours == {listed.name for listed in EVERY_METRIC if service in listed.services}


def test_when_a_process_and_no_series_began_is_told() -> None:
    names = shown("sender")
    assert "process_start_time_seconds" in names
    assert not {name for name in names if name.endswith("_created")}


def test_what_can_be_counted_is_there_before_it_is() -> None:
    (family,) = DELIVERIES.collect()
    found = {(each.labels["type"], each.labels["outcome"]) for each in family.samples if each.name.endswith("_total")}
    assert ("apprise", "failed") in found


def test_an_id_tells_when_it_was_made() -> None:
    assert made_at("018bcfe5-6800-7000-8000-000000000000") == 1_700_000_000.0
