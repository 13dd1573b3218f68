"""Receivers for the demo and the tests: a webhook, a Slack workspace and a mail server, on loopback.

They answer as the real ones do and remember what arrived and when.
"""

import asyncio
import email
import email.policy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

Channel = Literal["webhook", "slack", "email"]

_MOST_BODY = 1 << 20


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivery as its receiver saw it."""

    channel: Channel
    to: str
    """The path of a webhook or of Slack, or a mail address."""
    at: float
    """Seconds of the monotonic clock."""
    headers: dict[str, str]
    body: Any
    """A webhook's and Slack's JSON; a mail's text part."""


@dataclass
class Sinks:
    """Where deliveries arrive."""

    http_url: str
    smtp_host: str
    smtp_port: int
    arrivals: list[Arrival] = field(default_factory=list)

    def webhook_url(self, name: str) -> str:
        """Return the address of one of any number of webhooks."""
        return f"{self.http_url}/webhook/{name}"

    def slack_url(self, name: str) -> str:
        """Return the address of one of any number of Slack's incoming webhooks."""
        return f"{self.http_url}/services/{name}"

    async def wait(self, enough: Callable[[], bool], timeout: float) -> bool:
        """Wait until something is so, and tell whether it is."""
        deadline = time.monotonic() + timeout
        while not (done := enough()) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return done


class _Mailbox:
    """aiosmtpd's handler: every address exists."""

    def __init__(self, arrivals: list[Arrival]) -> None:
        self._arrivals = arrivals

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        message = email.message_from_bytes(content if isinstance(content, bytes) else b"", policy=email.policy.default)
        text = message.get_body(("plain",))
        for address in envelope.rcpt_tos:
            self._arrivals.append(
                Arrival(
                    "email",
                    address,
                    time.monotonic(),
                    {name.lower(): str(value) for name, value in message.items()},
                    text.get_content() if text is not None else "",
                )
            )
        return "250 OK"


@asynccontextmanager
async def running_sinks() -> AsyncIterator[Sinks]:
    """Serve all of them on free ports, from this event loop."""
    arrivals: list[Arrival] = []

    def receiver(channel: Channel, answer: str) -> Callable[[web.Request], Any]:
        async def receive(request: web.Request) -> web.Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            arrivals.append(Arrival(channel, request.path, time.monotonic(), headers, await request.json()))
            return web.Response(text=answer)

        return receive

    app = web.Application(client_max_size=_MOST_BODY)
    app.router.add_post("/webhook/{name}", receiver("webhook", ""))
    app.router.add_post("/services/{name}", receiver("slack", "ok"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(_Mailbox(arrivals), hostname="localhost", loop=loop), "127.0.0.1", 0)
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        http_port = runner.addresses[0][1]
        smtp_port = mail.sockets[0].getsockname()[1]
        yield Sinks(f"http://127.0.0.1:{http_port}", "127.0.0.1", smtp_port, arrivals)
    finally:
        mail.close()
        await runner.cleanup()
