"""Spans to look at: kept in this process, or received over HTTP as a collector receives them."""

import gzip
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import Sampler

from alerting.runtime.config import Settings
from alerting.runtime.tracing.spans import Tracing

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"
SAMPLED = f"00-{TRACE_ID}-{PARENT_ID}-01"
UNSAMPLED = f"00-{TRACE_ID}-{PARENT_ID}-00"


class Kept:
    """A tracing whose spans are kept."""

    def __init__(self, sampler: Sampler | None = None) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = Tracing(provider, Settings(instance="i-1", kafka_prefix="p."))

    def spans(self) -> list[ReadableSpan]:
        """Return those that have ended, in the order in which they began."""
        return sorted(self._exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def span(self) -> ReadableSpan:
        """Return the only one."""
        (span,) = self.spans()
        return span


def traceparent_of(span: ReadableSpan) -> str:
    """Return what makes others' spans this one's children."""
    return f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-01"


def parent_of(span: ReadableSpan) -> str:
    """Return the ``traceparent`` that a span was made under."""
    assert span.parent is not None
    return f"00-{span.parent.trace_id:032x}-{span.parent.span_id:016x}-01"


class Span(NamedTuple):
    """A span as a collector gets it."""

    service: str
    resource: dict[str, Any]
    name: str
    kind: int
    trace_id: str
    id: str
    parent_id: str
    attributes: dict[str, Any]
    failed: bool
    linked: tuple[str, ...]


def _plain(attributes: Sequence[KeyValue]) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value") or "string_value") for each in attributes}


def _spans(given: ResourceSpans) -> Iterator[Span]:
    resource = _plain(given.resource.attributes)
    for scope in given.scope_spans:
        for span in scope.spans:
            yield Span(
                resource["service.name"],
                resource,
                span.name,
                span.kind,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                _plain(span.attributes),
                span.status.code == 2,
                tuple(link.span_id.hex() for link in span.links),
            )


@dataclass
class Collector:
    """Takes spans by OTLP over HTTP."""

    url: str = ""
    received: list[Span] = field(default_factory=list)
    let_answer: threading.Event = field(default_factory=threading.Event)
    """While it is not set, whoever sends spans waits."""

    def of_trace(self, trace_id: str) -> list[Span]:
        return [span for span in self.received if span.trace_id == trace_id]

    def take(self, path: str, body: bytes) -> None:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.received.extend(_spans(resource))


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Serve on a free port of 127.0.0.1."""
    collector = Collector()
    collector.let_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            collector.let_answer.wait()
            collector.take(self.path, body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield collector
    finally:
        collector.let_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()
