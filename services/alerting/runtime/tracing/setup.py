"""Switches traces on and off, by OpenTelemetry's own variables.

They are on when there is an address to send them to and the extra is installed. Whatever is wrong with them stops no
service: spans wait in a queue with a bound, and of more than that the oldest go.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog

from alerting import __version__
from alerting.runtime.config import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)

_SDK: Final = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
# The spans of a batch end together: a queue of the usual 2,048 would lose some of them.
_QUEUE: Final = 8_192
_LAST_WORDS_SECONDS: Final = 5.0


def is_on(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether spans are made."""
    return _endpoint(environment) is not None and obstacle(environment) is None


def obstacle(environment: Mapping[str, str]) -> str | None:
    """Return why no spans can be made although they are asked for, or None."""
    endpoint = _endpoint(environment)
    if endpoint is None:
        return None
    exporter = _value(environment, "OTEL_TRACES_EXPORTER") or "otlp"
    if exporter != "otlp":
        return f"OTEL_TRACES_EXPORTER: {exporter} is none of otlp, none"
    protocol = _value(environment, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol not in {None, "http/protobuf"}:
        return f"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol} is not http/protobuf"
    if not _is_url(endpoint):
        return "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL of http or https"
    if not all(map(_is_installed, _SDK)):
        return "OpenTelemetry's SDK is not installed: the extra `otel` of alerting's wheel brings it"
    return None


def _endpoint(environment: Mapping[str, str]) -> str | None:
    """Return where spans are to be sent to, or None when nobody asks for any."""
    disabled = (_value(environment, "OTEL_SDK_DISABLED") or "").lower() == "true"
    if disabled or _value(environment, "OTEL_TRACES_EXPORTER") == "none":
        return None
    return _value(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def _value(environment: Mapping[str, str], *names: str) -> str | None:
    """Return the first that is there and not empty, which means the same as absent."""
    return next((value for name in names if (value := environment.get(name, "").strip())), None)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        # Of a package whose parent is not there, either.
        return False


@contextmanager
def tracing(settings: Settings, service: str) -> Iterator["Tracing | None"]:
    """Yield what makes a service's spans, or None where they are off; at the end, send those that wait."""
    why_not = obstacle(os.environ)
    if why_not is not None:
        _log.warning("no traces", reason=why_not)
    if why_not is not None or _endpoint(os.environ) is None:
        yield None
        return
    # Only now: it takes time and memory.
    from alerting.runtime.tracing.spans import Tracing  # noqa: PLC0415

    provider = _new_provider(settings, service)
    try:
        yield Tracing(provider, settings)
    finally:
        _close(provider)


def _new_provider(settings: Settings, service: str) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    about = {
        "service.name": _value(os.environ, "OTEL_SERVICE_NAME") or f"alerting-{service}",
        "service.version": __version__,
        "service.instance.id": settings.instance,
    }
    provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
    queue = None if _value(os.environ, "OTEL_BSP_MAX_QUEUE_SIZE") else _QUEUE
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), max_queue_size=queue))
    return provider


def _close(provider: "TracerProvider") -> None:
    """Send what waits, if that is quick: whoever stops a service does not wait for a collector that is away."""
    closing = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
    closing.start()
    closing.join(_LAST_WORDS_SECONDS)
    if closing.is_alive():
        _log.warning("the last spans are lost: the collector does not answer")
