"""The port to the receivers."""

from functools import lru_cache
from typing import Protocol

from yarl import URL

from alerting.sender.delivery import Delivery, Receipt


class Channel(Protocol):
    """Sends deliveries of one type. An attempt may be repeated; the delivery's id is the same each time."""

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt.

        Raises
        ------
        DeliveryError
            The receiver did not take it.
        """

    def host(self, value: str) -> str:
        """Return who is kept busy by a delivery to this address: attempts at the same time are bounded for each."""

    async def close(self) -> None:
        """Let go of idle connections."""


@lru_cache(maxsize=10_000)
def url_host(url: str) -> str:
    """Return a URL's host, and its port unless it is the usual one: the same, however they are written.

    Of something else, return the text itself.
    """
    try:
        return URL(url).host_port_subcomponent or ""
    except ValueError:
        return url
