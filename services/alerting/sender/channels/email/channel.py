"""Sends a notification by mail."""

import asyncio
from collections.abc import Callable

from alerting.sender.channels.email.message import mail
from alerting.sender.channels.email.smtp import SmtpTransport
from alerting.sender.channels.email.transport import Transport
from alerting.sender.delivery import Delivery, DeliveryError, Receipt
from alerting.sender.settings import SenderSettings


class EmailChannel:
    """A `Channel`."""

    def __init__(self, settings: SenderSettings, now: Callable[[], float]) -> None:
        self._from = settings.smtp_from
        self._timeout = settings.attempt_timeout
        self._now = now
        self._transport = _transport(settings, now)

    def host(self, _value: str) -> str:
        """Return who carries all mail."""
        return self._transport.name

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt."""
        message = mail(delivery, self._from, self._now())
        try:
            # All of the conversation, of which each step has a time-out of its own: a mail server that is slow says
            # nothing about the receiver.
            async with asyncio.timeout(self._timeout):
                return await self._transport.send(message)
        except TimeoutError as error:
            raise DeliveryError("the mail was not taken in time", throttled=True, ours=True) from error

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        await self._transport.close()


def _transport(settings: SenderSettings, now: Callable[[], float]) -> Transport:
    if settings.email_transport == "smtp":
        return SmtpTransport(settings, now)
    # Only who sends through SES has its library.
    from alerting.sender.channels.email.ses import SesTransport  # noqa: PLC0415

    return SesTransport(settings)
