"""Posts a notification to Slack."""

import orjson

from alerting.sender.channels.port import url_host
from alerting.sender.channels.slack.message import slack_message
from alerting.sender.delivery import Delivery, Receipt
from alerting.sender.http_client import HttpClient


class SlackChannel:
    """A `Channel`."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def host(self, value: str) -> str:
        """Return Slack's host."""
        return url_host(value)

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt."""
        body = orjson.dumps(slack_message(delivery))
        return await self._http.post(delivery.value, body, {"content-type": "application/json"})

    async def close(self) -> None:
        """Do nothing: the connections are the client's."""
