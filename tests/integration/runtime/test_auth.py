"""API keys against a real database: who is let in, who is not, and what is remembered of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import psycopg
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel, SecretStr

from alerting.runtime.auth import Authenticator, GuardedRoute, Principal, hash_key, new_key, require
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncPool, async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.problem import Problem, install_problems
from fix_rule_service import add_key


class FakeClock:
    def __init__(self, start: float) -> None:
        self.time = start

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(Settings(postgres_dsn=SecretStr(database)), size=2) as pool:
        yield pool


@pytest.fixture
async def clock(pool: AsyncPool) -> FakeClock:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT extract(epoch FROM now())::float8 AS now")
        (row,) = await cursor.fetchall()
    return FakeClock(row["now"])


@pytest.fixture
def authenticator(pool: AsyncPool, clock: FakeClock) -> Authenticator:
    return Authenticator(pool, clock)


async def status(authenticator: Authenticator, key: str) -> int:
    try:
        await authenticator.principal(key)
    except Problem as problem:
        return problem.status
    return 200


def run(dsn: str, statement: str) -> int:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(statement.encode()).rowcount


@pytest.mark.parametrize(
    ("scope", "kind", "client"),
    [("admin", "admin", None), ("ingest", "ingest", None), ("client:a:b", "client", "a:b")],
)
async def test_a_key_has_a_holder(
    authenticator: Authenticator, database: str, scope: str, kind: str, client: str | None
) -> None:
    principal = await authenticator.principal(await add_key(database, scope, name="ci"))
    assert (principal.name, principal.scope, principal.kind, principal.client_id) == ("ci", scope, kind, client)
    assert principal.sees("a:b") == (scope != "ingest")
    assert principal.sees("b") == (scope == "admin")
    assert principal.sees("client:a:b") == (scope == "admin")


async def test_what_is_no_valid_key(authenticator: Authenticator, database: str) -> None:
    key = await add_key(database, "admin")
    ak, prefix, secret = key.split("_", 2)
    wrong = [
        "", " ", "ak", "ak__", "x", "\0", "ak_\0_x", "é", "ak_\ud800_x", f"{ak}_{prefix}", f"{ak}_{prefix}_",
        f"{ak}_{prefix}_x", f"{ak}_{secret}_{prefix}", key + " ", key[:-1], key.upper(), f"xx_{prefix}_{secret}",
        new_key().key, f"{ak}_%_{secret}", "ak_" + "x" * 10_000 + "_y",
        await add_key(database, "admin", state="expired"), await add_key(database, "admin", state="revoked"),
    ]  # fmt: skip
    for each in wrong:
        assert await status(authenticator, each) == 401, each
    assert await status(authenticator, key) == 200


async def test_a_revoked_key_stops_within_five_seconds(
    authenticator: Authenticator, database: str, clock: FakeClock
) -> None:
    key = await add_key(database, "admin")
    assert await status(authenticator, key) == 200
    assert run(database, "UPDATE api_keys SET revoked_at = now()") == 1
    clock.time += 5
    assert await status(authenticator, key) == 401


async def test_a_key_that_is_forgotten_stops_at_once(authenticator: Authenticator, database: str) -> None:
    key, other = await add_key(database, "admin"), await add_key(database, "ingest")
    principal = await authenticator.principal(key)
    await authenticator.principal(other)
    run(database, "UPDATE api_keys SET revoked_at = now()")
    authenticator.forget(principal.key_id)
    assert await status(authenticator, key) == 401
    assert await status(authenticator, other) == 200, "the others are still remembered"


async def test_a_key_ends_when_it_says_even_if_it_was_just_seen(
    authenticator: Authenticator, database: str, clock: FakeClock
) -> None:
    key = await add_key(database, "admin")
    run(database, "UPDATE api_keys SET expires_at = to_timestamp(" + repr(clock.time + 2) + ")")
    assert await status(authenticator, key) == 200
    clock.time += 1.9
    assert await status(authenticator, key) == 200
    clock.time += 0.2
    assert await status(authenticator, key) == 401


async def test_the_database_is_asked_once_in_five_seconds(
    authenticator: Authenticator, database: str, clock: FakeClock, pool: AsyncPool
) -> None:
    key = await add_key(database, "admin")
    await authenticator.principal(key)
    await pool.close()
    clock.time += 4.9
    assert await status(authenticator, key) == 200
    clock.time += 0.2
    with pytest.raises(Unavailable):
        await authenticator.principal(key)
    with pytest.raises(Unavailable):
        await authenticator.principal(new_key().key)


async def test_when_a_key_was_used_is_kept_to_the_minute(
    authenticator: Authenticator, database: str, clock: FakeClock
) -> None:
    key = await add_key(database, "admin")
    unused = await add_key(database, "admin")
    await status(authenticator, unused[:-1] + ("A" if unused[-1] != "A" else "B"))
    assert run(database, "SELECT 1 FROM api_keys WHERE last_used_at IS NOT NULL") == 0, "a wrong secret is no use"
    await authenticator.principal(key)
    assert run(database, "SELECT 1 FROM api_keys WHERE last_used_at > now() - interval '1 minute'") == 1
    run(database, "UPDATE api_keys SET last_used_at = now() - interval '30 seconds' WHERE last_used_at IS NOT NULL")
    clock.time += 6
    await authenticator.principal(key)
    assert run(database, "SELECT 1 FROM api_keys WHERE last_used_at > now() - interval '20 seconds'") == 0
    run(database, "UPDATE api_keys SET last_used_at = now() - interval '2 minutes' WHERE last_used_at IS NOT NULL")
    clock.time += 6
    await authenticator.principal(key)
    assert run(database, "SELECT 1 FROM api_keys WHERE last_used_at > now() - interval '20 seconds'") == 1


def test_a_key_is_256_random_bits_and_only_its_hash_is_kept() -> None:
    keys = [new_key() for _ in range(100)]
    assert len({key.key for key in keys} | {key.prefix for key in keys}) == 200
    for key in keys:
        assert key.key.startswith(f"ak_{key.prefix}_")
        assert len(key.key.split("_", 2)[2]) == 43
        assert key.key_hash == hash_key(key.key)
        assert len(key.key_hash) == 32


class Body(BaseModel):
    text: str


@pytest.fixture
async def http(authenticator: Authenticator) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    install_problems(app)
    app.state.authenticator = authenticator
    routes = APIRouter(route_class=GuardedRoute)

    @routes.post("/tenant")
    async def tenant(caller: Annotated[Principal, Depends(require("client", "ingest"))], body: Body) -> str:
        return f"{caller.scope} {body.text}"

    @routes.post("/admin")
    async def admin(caller: Annotated[Principal, Depends(require())]) -> str:
        return caller.scope

    @routes.get("/forgotten")
    async def forgotten(request: Request) -> str:
        return "secret"

    app.include_router(routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield http


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def test_scopes(http: httpx.AsyncClient, database: str) -> None:
    keys = {scope: bearer(await add_key(database, scope)) for scope in ("admin", "ingest", "client:a")}
    statuses = {
        scope: [
            (await http.post("/tenant", headers=headers, json={"text": "x"})).status_code,
            (await http.post("/admin", headers=headers)).status_code,
        ]
        for scope, headers in keys.items()
    }
    assert statuses == {"admin": [200, 200], "ingest": [200, 403], "client:a": [200, 403]}
    refused = await http.post("/admin", headers=keys["client:a"])
    assert refused.json()["detail"] == "this key's scope is client; needed: admin"


async def test_a_guarded_route_that_forgot_its_scopes_still_needs_a_key(http: httpx.AsyncClient) -> None:
    assert (await http.get("/forgotten")).status_code == 401


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "ak_x_y", "Token ak_x_y"])
async def test_who_comes_without_a_key_is_told_what_is_needed(http: httpx.AsyncClient, header: str | None) -> None:
    answer = await http.post("/admin", headers={} if header is None else {"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Unauthorized"


async def test_the_scheme_may_be_written_in_any_case(http: httpx.AsyncClient, database: str) -> None:
    key = await add_key(database, "admin")
    assert (await http.post("/admin", headers={"authorization": f"bearer {key}"})).status_code == 200


async def test_a_body_is_judged_only_for_who_is_let_in(http: httpx.AsyncClient, database: str) -> None:
    kind = {"content-type": "application/json"}
    assert (await http.post("/tenant", content=b"{", headers=kind)).status_code == 401
    known = kind | bearer(await add_key(database, "ingest"))
    assert (await http.post("/tenant", content=b"{", headers=known)).status_code == 422


async def test_many_at_once_with_a_new_key(authenticator: Authenticator, database: str) -> None:
    key = await add_key(database, "admin")
    found = await asyncio.gather(*(authenticator.principal(key) for _ in range(20)))
    assert len(set(found)) == 1
