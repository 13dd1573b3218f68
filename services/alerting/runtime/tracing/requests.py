"""How requests are traced: FastAPI makes a span for each, as a child of the caller's."""

from typing import TYPE_CHECKING, Any

from alerting.runtime.health import PROBES

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig

    from alerting.runtime.tracing.spans import Tracing


def request_spans(tracing: "Tracing | None") -> "TelemetryConfig":
    """Return FastAPI's settings: our spans, none within them, and nothing beside them."""
    return {
        "tracing": tracing is not None,
        "tracer_provider": None if tracing is None else tracing.provider,
        "operation_spans": False,
        "metrics": False,
        "logs": False,
        "auto_configure": False,
        "exclude": _is_probe,
    }


def _is_probe(scope: Any) -> bool:
    # Every few seconds, and of no alert.
    return scope["path"] in PROBES
