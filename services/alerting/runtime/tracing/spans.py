"""The spans of one process. Loaded only where traces are switched on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, TracerProvider

from alerting import __version__
from alerting.runtime.config import Settings
from alerting.runtime.tracing.batch import Batch
from alerting.runtime.tracing.context import context_of, fail, span_context, traceparent_of

# The version of OpenTelemetry's semantic conventions that attributes are named by.
_SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.37.0"


class Tracing:
    """Makes spans. A span that is not sampled costs little, and is not sent."""

    def __init__(self, provider: TracerProvider, settings: Settings) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("alerting", __version__, schema_url=_SCHEMA_URL)
        self._prefix = settings.kafka_prefix
        self._common = {"messaging.system": "kafka", "messaging.client.id": settings.instance}

    def batch(self, topic: str) -> Batch:
        """Return what makes the spans of a topic's messages that are handled together."""
        return Batch(self._tracer, topic, self._prefix, self._common)

    @contextmanager
    def sending(self, topic: str, keys: Sequence[str], received: str | None) -> Iterator[str | None]:
        """Make the span of messages that are sent together, as a child of the current span.

        Yield what the messages are to carry: nothing when the trace began here and is not recorded. One that came with
        `received` goes on as what it is.
        """
        name = self._prefix + topic
        about: dict[str, str | int] = {
            **self._common,
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": name,
        }
        if len(keys) == 1:
            about["messaging.kafka.message.key"] = keys[0]
        else:
            about["messaging.batch.message_count"] = len(keys)
        with self._current(self._tracer.start_span(f"send {name}", kind=SpanKind.PRODUCER, attributes=about)) as span:
            sampled = span.get_span_context().trace_flags.sampled
            yield traceparent_of(span) if sampled or received is not None else None

    @contextmanager
    def calling(self, name: str, traceparent: str, attributes: Mapping[str, str | int]) -> Iterator["Call"]:
        """Make the span of a request to a receiver, which is the current one meanwhile."""
        context = context_of(span_context(traceparent))
        span = self._tracer.start_span(name, context=context, kind=SpanKind.CLIENT, attributes=attributes)
        with self._current(span):
            yield Call(span)

    @contextmanager
    def _current(self, span: Span) -> Iterator[Span]:
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield span
            except BaseException as error:
                fail(span, type(error).__qualname__, str(error))
                raise


class Call:
    """A request to a receiver, while it is made."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """Return what the request is to carry."""
        return traceparent_of(self._span)

    def note(self, name: str, value: str | int) -> None:
        """Add to its span."""
        self._span.set_attribute(name, value)

    def fail(self, kind: str, text: str) -> None:
        """Mark its span as that of a request that failed."""
        fail(self._span, kind, text)
