"""Structured logs on standard error: JSON for machines, or lines for people."""

import logging
import sys
from typing import TYPE_CHECKING

import structlog

from alerting.runtime.tracing.log_ids import add_trace_id
from alerting.runtime.tracing.setup import is_on

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import TracebackType
    from typing import Any

    from alerting.runtime.config import Settings


def configure(settings: "Settings", service: str) -> None:
    """Send this process's logs, structlog's and the libraries' own, to standard error in one format."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _name_service(service, settings.instance),
        *([add_trace_id] if is_on() else []),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # A line for each request says nothing that the metrics do not.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    # What else would be written to standard error as it is, in many lines.
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_crash


def _log_crash(kind: type[BaseException], error: BaseException, traceback: "TracebackType | None") -> None:
    logging.getLogger(__name__).critical("crashed", exc_info=(kind, error, traceback))


def _name_service(service: str, instance: str) -> "structlog.types.Processor":
    def add(_logger: object, _method: str, event: "MutableMapping[str, Any]") -> "MutableMapping[str, Any]":
        event["service"] = service
        event["instance"] = instance
        return event

    return add
