"""What is asked of what takes our mail: no mail is sent, and nobody logs in."""

import asyncio
import smtplib
import socket
import ssl
from typing import Any, Final

from alerting.doctor.facts import MailServer, SesAccount
from alerting.sender.settings import SenderSettings

_SECONDS: Final = 5.0


def look(settings: SenderSettings) -> MailServer | SesAccount:
    """Ask the mail server, or Amazon SES.

    Raises
    ------
    Exception
        It does not answer, or not as one does.
    """
    return asyncio.run(_ses(settings)) if settings.email_transport == "ses" else _smtp(settings)


def _smtp(settings: SenderSettings) -> MailServer:
    # Unless told, the library asks name servers who we are, which may take longer than all the rest.
    here = socket.gethostname()
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, local_hostname=here, timeout=_SECONDS) as server:
        server.ehlo_or_helo_if_needed()
        starttls = server.has_extn("starttls")
        trusted = _upgrade(server) if starttls and settings.smtp_starttls != "never" else True
        return MailServer(f"{settings.smtp_host}:{settings.smtp_port}", starttls, trusted, server.has_extn("auth"))


def _upgrade(server: smtplib.SMTP) -> bool:
    """Begin with TLS, and return whether the certificate is good."""
    try:
        server.starttls(context=ssl.create_default_context())
    except ssl.SSLCertVerificationError:
        return False
    server.ehlo()
    return True


async def _ses(settings: SenderSettings) -> SesAccount:
    from aiobotocore.config import AioConfig  # of an extra that others do not have  # noqa: PLC0415
    from aiobotocore.session import get_session  # noqa: PLC0415

    config = AioConfig(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 1})
    client: Any
    async with get_session().create_client(
        "sesv2",
        region_name=settings.ses_region or None,
        endpoint_url=settings.ses_endpoint_url or None,
        config=config,
    ) as client:
        account = await client.get_account()
    return SesAccount(bool(account.get("SendingEnabled")), not account.get("ProductionAccessEnabled"))
