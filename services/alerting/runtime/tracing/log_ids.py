"""The ids of the trace in the logs of what is traced."""

from collections.abc import MutableMapping
from typing import Any


def add_trace_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the trace and the span that are current, if they are recorded: a processor of structlog."""
    from opentelemetry.trace import get_current_span  # only where traces are switched on  # noqa: PLC0415

    context = get_current_span().get_span_context()
    if context.is_valid and context.trace_flags.sampled:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event
