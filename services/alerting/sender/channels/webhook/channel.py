"""Posts a notification as JSON."""

from collections.abc import Callable

from alerting.runtime.traceparent import TRACEPARENT
from alerting.sender.channels.port import url_host
from alerting.sender.channels.webhook.body import webhook_body
from alerting.sender.channels.webhook.signature import signature_headers
from alerting.sender.delivery import Delivery, Receipt
from alerting.sender.http_client import HttpClient


class WebhookChannel:
    """A `Channel`. ``webhook-id`` and ``idempotency-key`` tell a receiver what it has had already.

    With ``traceparent``, its spans become those of the alert's trace.
    """

    def __init__(self, http: HttpClient, now: Callable[[], float]) -> None:
        self._http = http
        self._now = now

    def host(self, value: str) -> str:
        """Return the host of the URL."""
        return url_host(value)

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt."""
        body = webhook_body(delivery)
        headers = {
            "content-type": "application/json",
            "idempotency-key": delivery.id,
            **signature_headers(delivery.id, int(self._now()), body, delivery.secrets),
        }
        if delivery.traceparent is not None:
            headers[TRACEPARENT] = delivery.traceparent
        return await self._http.post(delivery.value, body, headers)

    async def close(self) -> None:
        """Do nothing: the connections are the client's."""
