"""From ``traceparent`` to spans' contexts, and back."""

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, StatusCode, TraceFlags


def span_context(traceparent: str) -> SpanContext:
    """Return what a ``traceparent`` that is one says of the span that it was made by."""
    _, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def context_of(parent: SpanContext) -> Context:
    """Return the context for children of a span of another process, or of another time."""
    return trace.set_span_in_context(NonRecordingSpan(parent), Context())


def traceparent_of(span: Span) -> str:
    """Return what makes others' spans this span's children."""
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"


def fail(span: Span, kind: str, text: str) -> None:
    """Mark a span as that of something that failed."""
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, text)
