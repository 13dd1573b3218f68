"""The spans of messages that are handled together: one for each whose trace is recorded."""

from collections.abc import Mapping
from contextlib import suppress
from time import time_ns
from types import TracebackType
from typing import Final, Self

from opentelemetry.trace import Link, Span, SpanKind, Tracer

from alerting.runtime.broker.port import Message
from alerting.runtime.topics import GROUPS
from alerting.runtime.traceparent import TRACEPARENT, Header
from alerting.runtime.tracing.context import context_of, fail, span_context, traceparent_of

_MOST_KEY_BYTES: Final = 255


class Batch:
    """They begin when the batch was taken, and end when its effect is durable: that is what each message waits for."""

    def __init__(self, tracer: Tracer, topic: str, prefix: str, common: Mapping[str, str]) -> None:
        self._tracer = tracer
        self._name = f"process {prefix}{topic}"
        self._common = {
            **common,
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": prefix + topic,
            "messaging.consumer.group.name": prefix + GROUPS[topic],
        }
        self._begun = time_ns()
        self._spans: dict[tuple[int, int], Span] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        for span in self._spans.values():
            if error is not None:
                fail(span, type(error).__qualname__, str(error))
            span.end()

    def follow(self, message: Message, traceparent: str, attributes: Mapping[str, str | int]) -> Header:
        """Make the span of a message whose trace is recorded; return the header for what comes of the message."""
        parent = span_context(traceparent)
        span = self._tracer.start_span(
            self._name,
            context=context_of(parent),
            kind=SpanKind.CONSUMER,
            attributes={**self._common, **_about(message), **attributes},
            links=[Link(parent)],
            start_time=self._begun,
        )
        self._spans[_place(message)] = span
        return TRACEPARENT, traceparent_of(span).encode()

    def note(self, message: Message, name: str, value: str | int) -> None:
        """Add to a message's span, if it has one."""
        span = self._spans.get(_place(message))
        if span is not None:
            span.set_attribute(name, value)


def _place(message: Message) -> tuple[int, int]:
    return message.partition(), message.offset()


def _about(message: Message) -> dict[str, str | int]:
    about: dict[str, str | int] = {
        "messaging.destination.partition.id": str(message.partition()),
        "messaging.kafka.offset": message.offset(),
    }
    key = message.key()
    if key is not None and len(key) <= _MOST_KEY_BYTES:
        # What is no text has no form that is beyond doubt.
        with suppress(UnicodeDecodeError):
            about["messaging.kafka.message.key"] = key.decode()
    return about
