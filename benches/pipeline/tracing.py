"""What traces cost the evaluator: the same batches with traces switched off, and with more and more of them recorded.

Each batch is routed by real rules and handed to a producer that drops it; spans are encoded as they are for a
collector, and dropped. The figure is the processor's time for an alert, on all of the process's threads: the least of
all rounds, which take turns, so that what else the machine does falls on all of them.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Final, cast

import orjson
from confluent_kafka import Message as KafkaMessage
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from alerting.evaluator.handler import Evaluator
from alerting.evaluator.rules import Rules
from alerting.runtime.broker import HEADERS, Headers, Message
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.tracing.spans import Tracing
from benches import payloads, workloads
from matchcore import Index

_WORKLOAD: Final = "x"
_RULES: Final = 100_000
_ALERTS: Final = 5_000
"""As many as the evaluator takes at once."""

VARIANTS: Final = {
    "off": (False, None),
    "off, every alert has a trace": (False, 1.0),
    "on, no alert has a trace": (True, None),
    "on, none is recorded": (True, 0.0),
    "on, 1 % are recorded": (True, 0.01),
    "on, all are recorded": (True, 1.0),
}
"""Whether traces are on; and of the alerts that have one, which share is recorded."""


class _Nowhere(SpanExporter):
    """Encodes spans, and drops them."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        encode_spans(spans).SerializeToString()
        return SpanExportResult.SUCCESS


class _Dropped:
    """A producer that has all of it at once."""

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = HEADERS) -> None:
        pass

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


def _evaluator(index: Index, tracing: Tracing | None) -> Evaluator:
    clock, producer = SystemClock(), _Dropped()
    telemetry = Telemetry(clock)
    rules = Rules(telemetry)
    rules.replace(index, "bench")
    return Evaluator(rules, producer, DeadLetters(producer, "evaluator", ALERTS_NEW, clock), telemetry, tracing)


def _messages(values: Sequence[bytes], recorded: float | None) -> list[Message]:
    """Return messages as they are consumed: new ones for each round, as their headers are read once."""
    return [
        cast(
            "Message",
            KafkaMessage(
                topic=ALERTS_NEW,
                partition=0,
                offset=number,
                key=b"%d" % number,
                value=value,
                headers=_headers(number, recorded),
            ),
        )
        for number, value in enumerate(values)
    ]


def _headers(number: int, recorded: float | None) -> Headers:
    if recorded is None:
        return list(HEADERS)
    flags = 1 if recorded and number % round(1 / recorded) == 0 else 0
    return [*HEADERS, ("traceparent", b"00-%032x-%016x-%02x" % (number + 1, number + 1, flags))]


def measure(*, rounds: int = 30) -> dict[str, object]:
    """Return the nanoseconds an alert."""
    workload = workloads.make(_WORKLOAD, _RULES, _ALERTS)
    index = Index.from_columns(*workload.rules.columns(), version=1)
    values = payloads.encode_all(workload.events)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_Nowhere(), max_queue_size=2 * _ALERTS))
    evaluators = {False: _evaluator(index, None), True: _evaluator(index, Tracing(provider, Settings()))}
    least = dict.fromkeys(VARIANTS, float("inf"))
    for _ in range(rounds):
        for name, (on, recorded) in VARIANTS.items():
            messages = _messages(values, recorded)
            begun = time.process_time_ns()
            evaluators[on].handle(messages)
            if on:
                provider.force_flush()
            least[name] = min(least[name], (time.process_time_ns() - begun) / _ALERTS)
    provider.shutdown()
    return {"rules": _RULES, "alerts": _ALERTS, "ns_per_alert": {name: round(ns) for name, ns in least.items()}}


def main() -> None:
    """Measure, and print the result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benches.pipeline.tracing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    result = measure(rounds=parser.parse_args().rounds)
    sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main()
