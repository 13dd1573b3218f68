"""Ingest without servers: its application in this process, over a broker in memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from alerting.events.v1 import AlertNew, Severity
from alerting.ingest.app import new_parts, routed
from alerting.ingest.episodes import Firing
from alerting.ingest.journal import MOST_REJECTS_OF_ALL, IntegrationActivity, LastEvent
from alerting.ingest.rejects import KeptReject
from alerting.ingest.rules import Rule, Rules
from alerting.ingest.settings import IngestSettings
from alerting.ingest.signal import Signal
from alerting.ingest.tally import Tally
from alerting.runtime.auth import Principal
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.errors import Unavailable
from alerting.runtime.problem import Problem
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.tracing.spans import Tracing
from alerting.runtime.web import Web
from fix_clock import FakeClock

NOW = 1_750_000_000
"""The time in these tests: 2025-06-15T15:06:40Z."""


class KnownKeys:
    """Three keys, one of each scope."""

    async def principal(self, key: str) -> Principal:
        if key == "down":
            raise Unavailable("postgres", "it is away")
        scopes = {"ingest-key": "ingest", "admin-key": "admin", "client-key": "client:acme"}
        if key not in scopes:
            raise Problem(401, "a valid API key is needed")
        return Principal(f"id-of-{key}", f"name-of-{key}", scopes[key])


class StartsAtEpisodes:
    """No memory: every signal's own start is its episode's name."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Signal]] = []
        self.open: list[Firing] = []
        self.down = False

    async def place(self, integration: str, signals: Sequence[Signal]) -> list[int]:
        self.seen += [(integration, signal) for signal in signals]
        return [signal.starts_at for signal in signals]

    async def firing(self, _integration: str) -> list[Firing]:
        if self.down:
            raise Unavailable("redis", "it is away")
        return self.open


class MemoryJournal:
    """What was handed over, in this process."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.kept: list[KeptReject] = []
        self.down = False

    def _answer(self) -> None:
        if self.down:
            raise Unavailable("redis", "it is away")

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        self._answer()
        for name, tally in tallies.items():
            self.kept = [*self.kept, *tally.rejects][-MOST_REJECTS_OF_ALL:]
            self.tallies.setdefault(name, Tally()).follow(tally)

    async def integrations(self) -> list[IntegrationActivity]:
        return [await self.integration(name) for name in sorted(self.tallies)]

    async def integration(self, name: str) -> IntegrationActivity:
        self._answer()
        tally = self.tallies.get(name, Tally())
        last = tally.last and LastEvent(
            severity=Severity.Name(tally.last.severity),
            source=tally.last.source,
            name=tally.last.name,
            alert_id=tally.last.alert_id,
        )
        return IntegrationActivity(
            name=name, format=tally.format, last_event=last, accepted=tally.accepted, rejected=tally.rejected
        )

    async def rejects(self, integration: str | None = None) -> list[KeptReject]:
        self._answer()
        found = self.kept if integration is None else self.tallies.get(integration, Tally()).rejects
        return list(reversed(found))


@dataclass
class FixedRules:
    """Rules that no database has."""

    rules: Rules = field(default_factory=lambda: Rules([]))

    async def current(self) -> Rules:
        return self.rules


@dataclass
class Ingest:
    """The application, and what is around it."""

    client: httpx.AsyncClient
    broker: MemoryBroker
    episodes: StartsAtEpisodes
    journal: MemoryJournal
    rules: FixedRules
    clock: FakeClock
    telemetry: Telemetry
    app: FastAPI

    async def post(self, path: str, body: object = None, **more: Any) -> httpx.Response:
        """Post JSON, or bytes as they are."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self.client.post(path, **content, **more)

    def alerts(self) -> list[AlertNew]:
        """Return what the broker has, in the order of the ids."""
        messages = self.broker.messages(ALERTS_NEW)
        found = [AlertNew.FromString(message.value() or b"") for message in messages]
        assert [message.key() for message in messages] == [alert.alert_id.encode() for alert in found]
        return sorted(found, key=lambda alert: alert.alert_id)

    def alert(self) -> AlertNew:
        """Return the only alert that the broker has."""
        (alert,) = self.alerts()
        return alert


@asynccontextmanager
async def running_ingest(
    rules: Sequence[Rule] = (), tracing: Tracing | None = None, **settings: Any
) -> AsyncIterator[Ingest]:
    """Run the application; its client has a key for sending."""
    broker, episodes, journal, clock = MemoryBroker(), StartsAtEpisodes(), MemoryJournal(), FakeClock(NOW)
    known = FixedRules(Rules(rules))
    given = IngestSettings(**settings)
    web = Web(given, "ingest", tracing)
    web.clock = clock

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.authenticator = KnownKeys()
        app.state.parts = new_parts(web, given, AsyncMemoryProducer(broker), episodes, journal, known)
        yield

    app = routed({}, lifespan, tracing)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": "Bearer ingest-key"}
    async with (
        LifespanManager(app),
        httpx.AsyncClient(transport=transport, base_url="http://ingest", headers=headers) as client,
    ):
        yield Ingest(client, broker, episodes, journal, known, clock, web.telemetry, app)
