"""Mail over the operator's own SMTP server."""

from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from typing import Final

import aiosmtplib
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from alerting.sender.delivery import DeliveryError, Receipt, recordable
from alerting.sender.lease import check_lease
from alerting.sender.settings import SenderSettings

# An idle connection may be closed by then.
_IDLE_SECONDS: Final = 10.0
_OK: Final = 250


class SmtpTransport:
    """A `Transport`. Connections are kept for the next mail, one mail at a time on each."""

    def __init__(self, settings: SenderSettings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []

    @property
    def name(self) -> str:
        """Return the name of the mail server, which all mail goes to."""
        return f"smtp://{self._settings.smtp_host}:{self._settings.smtp_port}"

    async def send(self, message: EmailMessage) -> Receipt:
        """Send one message."""
        client = await self._client()
        try:
            check_lease()
            answer = await self._send(client, message)
        except BaseException:
            # Where the conversation stands is unknown.
            client.close()
            raise
        self._idle.append((self._now(), client))
        return Receipt(_OK, recordable(answer))

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        idle, self._idle = self._idle, []
        for _, client in idle:
            with suppress(SMTPException, OSError):
                await client.quit(timeout=1.0)
            client.close()

    async def _client(self) -> aiosmtplib.SMTP:
        while self._idle:
            since, client = self._idle.pop()
            if client.is_connected and self._now() - since < _IDLE_SECONDS:
                return client
            client.close()
        client = self._new_client()
        try:
            await client.connect()
        except BaseException as error:
            client.close()
            if isinstance(error, SMTPException | OSError | ValueError):
                raise _failure(error) from error
            raise
        return client

    def _new_client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        password = settings.smtp_password.get_secret_value()
        # "auto" takes TLS where it is offered, but a password never goes out in the clear because it was not.
        start_tls = {"never": False, "auto": True if password else None, "always": True}
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username or None,
            password=password or None,
            start_tls=start_tls[settings.smtp_starttls],
            timeout=settings.attempt_timeout,
        )

    async def _send(self, client: aiosmtplib.SMTP, message: EmailMessage) -> str:
        try:
            _, answer = await client.send_message(message)
        except (SMTPException, OSError, ValueError) as error:
            raise _failure(error) from error
        return answer


def _failure(error: Exception) -> DeliveryError:
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, SMTPTimeoutError):
        return DeliveryError("the mail server did not answer in time", throttled=True, ours=True)
    if isinstance(error, SMTPResponseException):
        # Any other answer is about us, such as a wrong password, and the operator's to mend.
        theirs = isinstance(error, SMTPRecipientRefused | SMTPDataError)
        return DeliveryError(
            f"the mail server answered {error.code}",
            permanent=theirs and error.code >= 500,
            ours=not theirs,
            status=error.code,
            response=recordable(error.message),
        )
    return DeliveryError(f"no mail server: {type(error).__name__}", ours=True)
