"""Posts a notification as JSON."""

from alerting.sender.channels.port import url_host
from alerting.sender.channels.webhook.body import webhook_body
from alerting.sender.delivery import Delivery, Receipt
from alerting.sender.http_client import HttpClient


class WebhookChannel:
    """A `Channel`. The header ``idempotency-key`` tells a receiver what it has had already."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def host(self, value: str) -> str:
        """Return the host of the URL."""
        return url_host(value)

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt."""
        headers = {"content-type": "application/json", "idempotency-key": delivery.id}
        return await self._http.post(delivery.value, webhook_body(delivery), headers)

    async def close(self) -> None:
        """Do nothing: the connections are the client's."""
