"""The port to the receivers."""

from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

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
    """Return a URL's host and port; of something else, the text itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return parts.netloc.rpartition("@")[2].lower()
