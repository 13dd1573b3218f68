"""Traces of single alerts, with OpenTelemetry, an extra: the names here load nothing of it until it is switched on."""

from alerting.runtime.tracing.following import followed
from alerting.runtime.tracing.setup import is_on, tracing

__all__ = ["followed", "is_on", "tracing"]
