"""Deliveries to test with, and a receiver that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from aiohttp import web

from alerting.runtime.ids import new_id
from alerting.sender.delivery import Alert, Delivery


def make_delivery(**fields: Any) -> Delivery:
    """Return a delivery; fields of its alert may be given, too."""
    alert = Alert(
        "a1", "HIGH", "payments", "PaymentTimeout", '{"region": "eu"}', datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    )
    given = {name: fields.pop(name) for name in list(fields) if name in Alert._fields}
    delivery = Delivery(
        id="01a208c8-9bc3-7249-a4ba-a14b1b409936",
        notification_id="01a208c8-9bc3-7249-aca4-4a690561b141",
        client_id="acme",
        type="webhook",
        value="http://127.0.0.1:9/",
        attempt=1,
        alert=alert._replace(**given),
        rule_ids=["r1", "r2"],
        rules_version=7,
        secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
        delays=(5.0, 30.0),
    )
    return delivery._replace(**fields)


async def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is so; fail when it is not in time."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"thank you"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """A web server that notes what it gets. A path's answers are given in turn, the last one for ever."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    open: int = 0
    most_open: int = 0

    def at(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path == path]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.received.append(Received(request.path, headers, await request.read()))
            answers = self.answers.get(request.path, [Answer()])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            await asyncio.sleep(answer.delay)
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        finally:
            self.open -= 1


@asynccontextmanager
async def running_receiver() -> AsyncIterator[Receiver]:
    """Serve on a free port of 127.0.0.1, from this event loop."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver._answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield receiver
    finally:
        await runner.cleanup()


Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def speaking(speak: Speak) -> AsyncIterator[int]:
    """Serve something that is no good web server; yield the port."""
    writers = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await speak(reader, writer)

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            for writer in writers:
                writer.transport.abort()
            await asyncio.sleep(0)


@dataclass(frozen=True)
class Tenants:
    """Rules, endpoints and notifications, written straight into a database."""

    dsn: str

    def execute(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def rule(
        self,
        rule_id: str,
        *endpoints: tuple[str, str],
        client_id: str = "acme",
        enabled: bool = True,
        fallbacks: Sequence[tuple[str, str]] = (),
        profile: str = "standard",
    ) -> None:
        """Write a rule with endpoints of these types and values."""
        self.execute("INSERT INTO clients (id, name) VALUES (%s, 'client') ON CONFLICT DO NOTHING", client_id)
        self.execute(
            "INSERT INTO rules (id, client_id, severity, source, name) VALUES (%s, %s, 'HIGH', 'api', %s)",
            *(rule_id, client_id, rule_id),
        )
        for kind, value in (*endpoints, *fallbacks):
            self.execute(
                "INSERT INTO endpoints (id, rule_id, client_id, type, value, enabled, retry_profile, fallback)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                *(new_id(), rule_id, client_id, kind, value, enabled, profile, (kind, value) in fallbacks),
            )

    def notification(self, alert_id: str, *rule_ids: str, client_id: str = "acme", age: float = 0.0) -> str:
        """Write a notification as the aggregator does, and return its id."""
        notification_id = new_id()
        self.execute(
            "INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,"
            " rules_version, created_at) VALUES (%s, %s, %s, 'HIGH', 'api', 'Timeout', '{\"region\": \"eu\"}',"
            " '2023-11-14 22:13:20+00', %s, 7, now() - %s * interval '1 second')",
            *(notification_id, client_id, alert_id, list(rule_ids), age),
        )
        return notification_id

    def status(self, notification_id: str) -> str:
        return self.statuses([notification_id])[0]

    def statuses(self, notification_ids: Sequence[str]) -> list[str]:
        """Return each one's status, with one question: a test asks in the event loop that is to do the work."""
        rows = self.execute(
            "SELECT status FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted (id, place)"
            " JOIN notifications USING (id) ORDER BY place",
            list(notification_ids),
        )
        assert len(rows) == len(notification_ids)
        return [status for (status,) in rows]

    def deliveries(self, notification_id: str) -> list[tuple[Any, ...]]:
        """Return value, status, attempts, last status and last error of each delivery."""
        return self.execute(
            "SELECT value, status, attempts, last_status, last_error FROM deliveries WHERE notification_id = %s"
            " ORDER BY value",
            notification_id,
        )
