import asyncio
import email
import email.policy
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerting.sender.channels.email.channel import EmailChannel
from alerting.sender.delivery import DeliveryError
from alerting.sender.settings import SenderSettings
from fix_delivery import make_delivery, speaking


@dataclass
class Mailbox:
    """A mail server's handler that answers as it is told."""

    port: int = 0
    connections: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return self.answers.get("DATA", "250 queued as 1")


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box, loop = Mailbox(), asyncio.get_running_loop()

    servers = []

    def connected() -> SMTP:
        box.connections += 1
        servers.append(SMTP(box, hostname="localhost", loop=loop))
        return servers[-1]

    async with await loop.create_server(connected, "127.0.0.1", 0) as server:
        box.port = server.sockets[0].getsockname()[1]
        try:
            yield box
        finally:
            for each in servers:
                if each.transport is not None:
                    each.transport.close()
            await asyncio.sleep(0)


@asynccontextmanager
async def channel(port: int, now: float = 1_700_000_000.0, **settings: Any) -> AsyncIterator[EmailChannel]:
    given = {"smtp_starttls": "never", "attempt_timeout": 5, **settings}
    made = EmailChannel(SenderSettings(smtp_port=port, **given), lambda: now)
    try:
        yield made
    finally:
        await made.close()


TO = make_delivery(type="email", value="oncall@example.com", name="<b>\r\nBcc: x@example.com")


async def test_a_mail_arrives_and_its_connection_is_used_again() -> None:
    async with mailbox() as box, channel(box.port, smtp_from="Alerts <alerts@example.org>") as mails:
        receipt = await mails.send(TO)
        await mails.send(TO)
        assert receipt.status == 250
        assert "queued as 1" in receipt.response
        assert box.connections == 1
        first, second = box.mails
        assert first.mail_from == "alerts@example.org"
        assert first.rcpt_tos == ["oncall@example.com"]
        content = first.content
        assert isinstance(content, bytes)
        read = email.message_from_bytes(content, policy=email.policy.default)
        assert read["Subject"] == "[HIGH] payments: <b> Bcc: x@example.com"
        assert read["Bcc"] is None
        assert content == second.content


@pytest.mark.parametrize(
    ("verb", "answer", "permanent"),
    [
        ("RCPT", "550 no such user", True),
        ("RCPT", "450 greylisted", False),
        ("DATA", "554 spam", True),
        ("DATA", "451 later", False),
        ("MAIL", "421 too busy", False),
        ("MAIL", "550 who are you", False),
    ],
)
async def test_a_refusal_is_permanent_when_it_is_about_the_mail(verb: str, answer: str, permanent: bool) -> None:
    async with mailbox() as box, channel(box.port) as mails:
        box.answers[verb] = answer
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert (caught.value.status, caught.value.permanent) == (int(answer[:3]), permanent)
        # And the next mail is not hurt by it.
        box.answers.clear()
        assert (await mails.send(TO)).status == 250


async def test_no_mail_server_is_repeated() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    async with channel(free) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert not caught.value.permanent


async def test_a_mail_server_that_does_not_speak_is_repeated() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with speaking(silent) as port, channel(port, attempt_timeout=0.3) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert not caught.value.permanent
        assert "in time" in str(caught.value)


@pytest.mark.parametrize("dawdling", ["", "MAIL", "DATA"])
async def test_a_mail_server_that_dawdles_is_no_fault_of_the_receivers(dawdling: str) -> None:
    """Each step is in time, and all of them together are not."""

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 slow\r\n")
        begun = not dawdling
        while line := await reader.readline():
            begun = begun or line.startswith(dawdling.encode())
            await asyncio.sleep(0.3 if begun else 0)
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")

    async with speaking(dawdle) as port, channel(port, attempt_timeout=0.5) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert (caught.value.ours, caught.value.throttled, caught.value.permanent) == (True, True, False)
        assert "in time" in str(caught.value)


@pytest.mark.parametrize("starttls", ["auto", "always"])
async def test_a_password_never_goes_out_in_the_clear(starttls: str) -> None:
    async with (
        mailbox() as box,
        channel(box.port, smtp_starttls=starttls, smtp_username="me", smtp_password="hunter2") as mails,
    ):
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO)
        assert not caught.value.permanent
        assert "hunter2" not in str(caught.value)
        assert box.mails == []


async def test_what_is_no_mailbox_never_reaches_the_server() -> None:
    async with mailbox() as box, channel(box.port) as mails:
        with pytest.raises(DeliveryError) as caught:
            await mails.send(TO._replace(value="nobody"))
        assert caught.value.permanent
        assert box.connections == 0
