"""The port to whoever carries mail."""

from email.message import EmailMessage
from typing import Protocol

from alerting.sender.delivery import Receipt


class Transport(Protocol):
    """Carries messages to their recipients."""

    @property
    def name(self) -> str:
        """Return whom it keeps busy."""

    async def send(self, message: EmailMessage) -> Receipt:
        """Send one message.

        Raises
        ------
        DeliveryError
            It was not taken.
        """

    async def close(self) -> None:
        """Let go of idle connections."""
