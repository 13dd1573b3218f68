"""The span of an attempt, where the alert is traced. Of the receiver's address it has the host: the rest is secret."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from alerting.runtime.traceparent import sampled
from alerting.sender.delivery import Delivery, DeliveryError, Receipt

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Call, Tracing

_HTTP: Final = frozenset({"webhook", "slack"})


class AttemptSpan:
    """What is to be sent, and what is told of it; of a delivery without a trace, nothing is."""

    def __init__(self, delivery: Delivery, call: "Call | None" = None) -> None:
        self.delivery = delivery
        self._call = call

    def note(self, answer: Receipt | DeliveryError, outcome: str) -> None:
        """Tell how the attempt ended."""
        if self._call is None:
            return
        self._call.note("alerting.delivery.outcome", outcome)
        if answer.status is not None:
            http = self.delivery.type in _HTTP
            self._call.note("http.response.status_code" if http else "alerting.response.status_code", answer.status)
        if isinstance(answer, DeliveryError):
            kind = type(answer.__cause__ or answer).__qualname__
            self._call.fail(kind if answer.status is None else str(answer.status), str(answer))


@contextmanager
def attempting(tracing: "Tracing | None", delivery: Delivery, host: Callable[[Delivery], str]) -> Iterator[AttemptSpan]:
    """Make the span of an attempt, if there is to be one; what is sent carries its name."""
    traceparent = sampled(delivery.traceparent)
    if tracing is None or traceparent is None:
        yield AttemptSpan(delivery)
        return
    with tracing.calling(f"deliver {delivery.type}", traceparent, _about(delivery, host(delivery))) as call:
        yield AttemptSpan(delivery._replace(traceparent=call.traceparent), call)


def _about(delivery: Delivery, host: str) -> dict[str, str | int]:
    about: dict[str, str | int] = {
        "alerting.client.id": delivery.client_id,
        "alerting.alert.id": delivery.alert.alert_id,
        "alerting.notification.id": delivery.notification_id,
        "alerting.delivery.id": delivery.id,
        "alerting.delivery.channel": delivery.type,
        "alerting.delivery.attempt": delivery.attempt,
    }
    if delivery.type in _HTTP:
        about["http.request.method"] = "POST"
        if delivery.attempt > 1:
            about["http.request.resend_count"] = delivery.attempt - 1
        about |= _server(f"//{host}")
    elif delivery.type == "email":
        # smtp://host:port, or the name of an API.
        about |= _server(host)
    return about


def _server(url: str) -> dict[str, str | int]:
    try:
        parts = urlsplit(url)
        address, port = parts.hostname, parts.port
    except ValueError:
        # An endpoint's value that is no URL, and must not be quoted.
        return {}
    named: dict[str, str | int] = {"server.address": address} if address else {}
    return named | {"server.port": port} if port else named
