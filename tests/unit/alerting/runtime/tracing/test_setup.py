"""When traces are on, why they are not, and what a collector that is away costs: no more than a queue."""

import subprocess
import sys

import pytest

from alerting.runtime.config import Settings
from alerting.runtime.tracing import is_on, setup, tracing
from alerting.runtime.tracing.setup import obstacle
from fix_tracing import SAMPLED, running_collector

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_TRACES_SAMPLER": "always_on"},
        {**ENDPOINT, "OTEL_SDK_DISABLED": "True"},
        {**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nobody_asked(environment: dict[str, str]) -> None:
    assert not is_on(environment)
    assert obstacle(environment) is None


@pytest.mark.parametrize(
    "environment",
    [
        ENDPOINT,
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector.example.com/v1/traces"},
        {**ENDPOINT, "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
        {**ENDPOINT, "OTEL_SDK_DISABLED": "false"},
        {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"},
    ],
)
def test_on(environment: dict[str, str]) -> None:
    assert is_on(environment)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "zipkin"}, "zipkin"),
        ({**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "grpc"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "URL"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://[collector"}, "URL"),
    ],
)
def test_asked_for_in_vain(environment: dict[str, str], said: str) -> None:
    assert not is_on(environment)
    assert said in (obstacle(environment) or "")


def test_without_the_extra_a_service_runs_and_says_why_there_are_no_traces(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", ENDPOINT["OTEL_EXPORTER_OTLP_ENDPOINT"])
    monkeypatch.setattr(setup, "find_spec", lambda _name: None)
    with tracing(Settings(), "evaluator") as spans:
        assert spans is None
    assert "extra `otel`" in capsys.readouterr().out


@pytest.mark.parametrize("service", ["evaluator", "aggregator", "sender", "ingest"])
def test_switched_off_nothing_is_loaded(service: str) -> None:
    # Redis's client loads a part of the SDK, but not this one, wherever that is installed.
    program = f"""
import sys, alerting.{service}.__main__
loaded = [name for name in sys.modules if name.startswith(("opentelemetry.sdk.trace", "opentelemetry.exporter"))]
sys.exit(str(loaded) if loaded else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_spans_that_wait_are_sent_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with tracing(Settings(instance="i-7"), "sender") as spans:
            assert spans is not None
            for _ in range(3):
                with spans.calling("deliver webhook", SAMPLED, {}):
                    pass
        assert len(collector.received) == 3
        resource = collector.received[0].resource
    assert resource["service.name"] == "alerting-sender"
    assert resource["service.instance.id"] == "i-7"
    assert resource["service.version"]


def test_a_name_of_the_operators_own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "mine")
        with tracing(Settings(), "sender") as spans:
            assert spans is not None
            with spans.calling("deliver webhook", SAMPLED, {}):
                pass
    assert [span.service for span in collector.received] == ["mine"]


def test_a_collector_that_does_not_answer_keeps_nobody_waiting_and_the_newest_spans_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "20")
        monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10")
        collector.let_answer.clear()
        with tracing(Settings(), "sender") as spans:
            assert spans is not None
            for number in range(1_000):
                with spans.calling("deliver webhook", SAMPLED, {"number": number}):
                    pass
            # All of them are made while not one is taken.
            assert collector.received == []
            collector.let_answer.set()
        numbers = [span.attributes["number"] for span in collector.received]
    assert numbers[-20:] == list(range(980, 1_000))
    assert len(numbers) <= 30


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1"])
def test_at_the_end_a_collector_that_is_away_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_LAST_WORDS_SECONDS", 0.0)
    with running_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url or collector.url)
        collector.let_answer.clear()
        with tracing(Settings(), "sender") as spans:
            assert spans is not None
            with spans.calling("deliver webhook", SAMPLED, {}):
                pass
        assert collector.received == []
