"""What heartbeats say of services."""

from typing import Any

import orjson
import pytest

from alerting.metrics.answers import Instance
from alerting.metrics.heartbeats import by_service, read_heartbeat
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock


def beat(service: str, instance: str, **more: Any) -> Instance:
    body = {
        "service": service,
        "instance": instance,
        "version": "0.1.0",
        "started_at": 1.0,
        "at": 2.0,
        **Telemetry(FakeClock()).figures(),
        **more,
    }
    found = read_heartbeat(orjson.dumps(body))
    assert found is not None
    return found


def test_what_the_runtime_writes_is_read() -> None:
    assert beat("sender", "a").latency_ms == {"p50": None, "p95": None, "p99": None}


@pytest.mark.parametrize("body", [None, b"", b"{", b"[]", b"{}", b'{"service": 1}', b"\xff", b'"text"'], ids=repr)
def test_what_is_no_heartbeat_is_left_out(body: bytes | None) -> None:
    assert read_heartbeat(body) is None


def test_fields_of_a_newer_version_are_ignored() -> None:
    assert beat("sender", "a", humour="good").instance == "a"


def test_a_service_is_the_sum_of_its_instances_and_as_slow_as_the_slowest() -> None:
    one = beat(
        "evaluator", "b", counters={"consumed": 5}, rates={"consumed": 1.5}, latency_ms={"p99": 3.0}, rules_version=7
    )
    other = beat(
        "evaluator", "a", counters={"consumed": 6, "errors": 1}, rates={"consumed": 0.1}, latency_ms={"p99": 9.0},
        rules_version=6, version="0.2.0",
    )  # fmt: skip
    sender = beat("sender", "c")
    evaluator, second = by_service([one, sender, other])
    assert (evaluator.service, second.service) == ("evaluator", "sender")
    assert [each.instance for each in evaluator.instances] == ["a", "b"]
    assert evaluator.counters == {"consumed": 11, "errors": 1}
    assert evaluator.rates == {"consumed": 1.6}
    assert evaluator.latency_ms == {"p99": 9.0}
    assert evaluator.rules_version == 6
    assert evaluator.versions == ["0.1.0", "0.2.0"]


def test_latencies_that_nobody_has_are_none() -> None:
    (sender,) = by_service([beat("sender", "a"), beat("sender", "b")])
    assert sender.latency_ms == {"p50": None, "p95": None, "p99": None}
    assert sender.rules_version is None
