"""rule-service in this process, on a database of the test's own, with the broker in memory; and its callers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import psycopg
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from psycopg.rows import dict_row
from pydantic import SecretStr

from alerting.rule_service.app import make_app
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.auth import hash_key, new_key
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.ids import new_id
from alerting.runtime.session import hash_token, new_token
from alerting.runtime.web import Web

NOWHERE = "127.0.0.1:1"
"""An address where no server listens."""


@dataclass(frozen=True)
class Caller:
    """Sends requests with one key, or without one."""

    http: httpx.AsyncClient
    key: str | None

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**({"authorization": f"Bearer {self.key}"} if self.key else {}), **more.pop("headers", {})}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.request("GET", path, params=params)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.request("POST", path, json=body)

    async def patch(self, path: str, body: Any, if_match: str | None = None) -> httpx.Response:
        return await self.request("PATCH", path, json=body, headers={"if-match": if_match} if if_match else {})

    async def delete(self, path: str, if_match: str | None = None) -> httpx.Response:
        return await self.request("DELETE", path, headers={"if-match": if_match} if if_match else {})

    async def made(self, path: str, body: Any) -> Any:
        """Create something that has to be created, and return it."""
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def walk(self, path: str, **params: Any) -> list[Any]:
        """Return the items of all pages."""
        items: list[Any] = []
        while True:
            answer = await self.get(path, **params)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            params["cursor"] = page["next_cursor"]


@dataclass
class RuleService:
    """The service, its database and its broker."""

    app: FastAPI
    http: httpx.AsyncClient
    dsn: str
    broker: MemoryBroker
    admin: Caller
    clients: int = field(default=0)

    async def caller(self, scope: str) -> Caller:
        return Caller(self.http, await add_key(self.dsn, scope))

    async def tenant(self, client_id: str | None = None) -> tuple[str, Caller]:
        """Create a client, and return its id and the holder of its key."""
        self.clients += 1
        client_id = client_id or f"client{self.clients}"
        await self.admin.made("/clients", {"id": client_id, "name": client_id})
        return client_id, await self.caller(f"client:{client_id}")

    async def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True, row_factory=dict_row) as connection:
            cursor = await connection.execute(query.encode(), params)
            return await cursor.fetchall()

    async def log(self) -> list[list[dict[str, Any]]]:
        """Return the changes of every version, after checking that versions have no gaps."""
        rows = await self.rows(
            "SELECT last.version AS last, rule_changes.* FROM rules_version AS last LEFT JOIN rule_changes ON true"
            " ORDER BY rule_changes.version"
        )
        if rows[0]["last"] == 0:
            rows = [row for row in rows if row["version"] is not None]
        assert [row["version"] for row in rows] == list(range(1, rows[0]["last"] + 1 if rows else 1))
        return [row["changes"] for row in rows]


async def add_key(
    dsn: str, scope: str, *, state: Literal["valid", "expired", "revoked"] = "valid", name: str = "test"
) -> str:
    """Put a key into the database, and return it."""
    key = new_key()
    past = datetime.now(UTC) - timedelta(hours=1)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO api_keys (id, name, prefix, key_hash, scope, expires_at, revoked_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                new_id(), name, key.prefix, key.key_hash, scope,
                past if state == "expired" else None, past if state == "revoked" else None,
            ),
        )  # fmt: skip
    return key.key


def add_session(dsn: str, key: str, *, age: str = "0", lasts: str = "12 hours") -> str:
    """Put a session of a key into the database, and return its token."""
    token = new_token()
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(
            "INSERT INTO sessions (token_hash, key_id, created_at, expires_at)"
            " SELECT %s, id, now() - %s::interval, now() + %s::interval FROM api_keys WHERE key_hash = %s",
            (hash_token(token), age, lasts, hash_key(key)),
        )
    assert cursor.rowcount == 1
    return token


@asynccontextmanager
async def serving(dsn: str, *, kafka: bool = False, **settings: Any) -> AsyncIterator[RuleService]:
    """Run the service's application; without `kafka`, it publishes to a broker in memory."""
    given = RuleServiceSettings(
        postgres_dsn=SecretStr(dsn),
        **{"kafka_bootstrap_servers": NOWHERE, **settings},
    )
    web = Web(given, "rule-service")
    broker = MemoryBroker()
    app = make_app(web, given, None if kafka else AsyncMemoryProducer(broker))
    async with (
        LifespanManager(app, startup_timeout=20, shutdown_timeout=20),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rules") as http,
    ):
        yield RuleService(app, http, dsn, broker, Caller(http, await add_key(dsn, "admin")))
