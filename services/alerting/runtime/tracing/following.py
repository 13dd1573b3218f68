"""How consumers follow traces: a context around a batch, which is empty where traces are switched off."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerting.runtime.tracing.batch import Batch
    from alerting.runtime.tracing.spans import Tracing


def followed(tracing: "Tracing | None", topic: str) -> AbstractContextManager["Batch | None"]:
    """Return the context in which a batch of a topic's messages is handled, until its effect is durable."""
    return nullcontext() if tracing is None else tracing.batch(topic)
