"""Sessions against a real database: who is let in by a cookie, for how long, and with which header."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import psycopg
import pytest
from fastapi import APIRouter, Depends, FastAPI
from psycopg.rows import scalar_row
from pydantic import SecretStr

from alerting.runtime.auth import Authenticator, GuardedRoute, Principal, require
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncPool, async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.problem import Problem, install_problems
from alerting.runtime.session import hash_token, new_token
from fix_clock import FakeClock
from fix_rule_service import add_key, add_session


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(Settings(postgres_dsn=SecretStr(database)), size=2) as pool:
        yield pool


@pytest.fixture
def clock(database: str) -> FakeClock:
    with psycopg.connect(database, row_factory=scalar_row) as connection:
        now = connection.execute("SELECT extract(epoch FROM now())::float8").fetchone()
    assert isinstance(now, float)
    return FakeClock(now)


@pytest.fixture
def authenticator(pool: AsyncPool, clock: FakeClock) -> Authenticator:
    return Authenticator(pool, clock)


def run(dsn: str, statement: str, *params: object) -> int:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(statement.encode(), params).rowcount


def number(dsn: str, expression: str) -> float:
    with psycopg.connect(dsn, row_factory=scalar_row) as connection:
        value = connection.execute(f"SELECT ({expression})::float8 FROM sessions".encode()).fetchone()
    assert isinstance(value, float)
    return value


async def status(authenticator: Authenticator, token: str) -> int:
    try:
        await authenticator.session_principal(token)
    except Problem as problem:
        return problem.status
    return 200


async def test_a_session_may_what_its_key_may(authenticator: Authenticator, database: str) -> None:
    key = await add_key(database, "client:acme", name="phone")
    found = await authenticator.session_principal(add_session(database, key))
    assert found == await authenticator.principal(key)
    assert (found.name, found.scope) == ("phone", "client:acme")


async def test_what_is_no_valid_session(authenticator: Authenticator, database: str) -> None:
    key = await add_key(database, "admin")
    token = add_session(database, key)
    wrong = [
        *("", " ", "x", "\0", "é", new_token(), token[:-1], token.upper(), key, hash_token(token).hex()),
        add_session(database, key, lasts="0"),
        add_session(database, key, lasts="-1 second"),
        add_session(database, await add_key(database, "admin", state="expired")),
        add_session(database, await add_key(database, "admin", state="revoked")),
    ]
    for each in wrong:
        assert await status(authenticator, each) == 401, each
    assert await status(authenticator, token) == 200


async def test_a_key_is_no_token_and_a_token_is_no_key(authenticator: Authenticator, database: str) -> None:
    key = await add_key(database, "admin")
    token = add_session(database, key)
    await authenticator.principal(key)
    await authenticator.session_principal(token)
    with pytest.raises(Problem):
        await authenticator.principal(token)
    with pytest.raises(Problem):
        await authenticator.session_principal(key)


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE api_keys SET revoked_at = now()",
        "UPDATE api_keys SET expires_at = now()",
        "UPDATE sessions SET expires_at = now()",
        "DELETE FROM sessions",
        "DELETE FROM api_keys",
    ],
)
async def test_a_session_that_ended_stops_within_five_seconds(
    authenticator: Authenticator, database: str, clock: FakeClock, end: str
) -> None:
    token = add_session(database, await add_key(database, "admin"))
    assert await status(authenticator, token) == 200
    run(database, end)
    clock.advance(5)
    assert await status(authenticator, token) == 401


async def test_a_session_of_a_key_that_is_forgotten_stops_at_once(authenticator: Authenticator, database: str) -> None:
    key, other = await add_key(database, "admin"), await add_key(database, "admin")
    token, second = add_session(database, key), add_session(database, other)
    principal = await authenticator.session_principal(token)
    await authenticator.session_principal(second)
    run(database, "UPDATE api_keys SET revoked_at = now()")
    authenticator.forget(principal.key_id)
    assert await status(authenticator, token) == 401
    assert await status(authenticator, second) == 200, "the others are still remembered"
    authenticator.forget_session(second)
    assert await status(authenticator, second) == 401


@pytest.mark.parametrize("end", ["UPDATE sessions SET expires_at", "UPDATE api_keys SET expires_at"])
async def test_a_session_ends_when_it_says_even_if_it_was_just_seen(
    authenticator: Authenticator, database: str, clock: FakeClock, end: str
) -> None:
    key = await add_key(database, "admin")
    # A week old, so that it does not move on.
    token = add_session(database, key, age="7 days")
    run(database, f"{end} = to_timestamp(%s)", clock.now() + 2)
    assert await status(authenticator, token) == 200
    clock.advance(1.9)
    assert await status(authenticator, token) == 200, "the database was asked a moment ago"
    await authenticator._pool.close()
    clock.advance(0.2)
    with pytest.raises(Unavailable):
        await authenticator.session_principal(token)


async def test_a_session_that_is_used_moves_on(authenticator: Authenticator, database: str, clock: FakeClock) -> None:
    key = await add_key(database, "admin")
    token = add_session(database, key, lasts="1 hour")
    assert await status(authenticator, token) == 200
    assert number(database, "extract(epoch FROM expires_at - now())") == pytest.approx(12 * 3_600, abs=60)
    assert run(database, "SELECT 1 FROM api_keys WHERE last_used_at IS NOT NULL") == 1, "its key is in use"


async def test_a_session_moves_on_to_seven_days_at_most(authenticator: Authenticator, database: str) -> None:
    token = add_session(database, await add_key(database, "admin"), age="6 days 20 hours", lasts="1 hour")
    assert await status(authenticator, token) == 200
    assert number(database, "extract(epoch FROM expires_at - created_at)") == 7 * 86_400


async def test_a_session_is_not_written_at_every_use(authenticator: Authenticator, database: str) -> None:
    token = add_session(database, await add_key(database, "admin"), lasts="11 hours 56 minutes")
    before = number(database, "extract(epoch FROM expires_at)")
    assert await status(authenticator, token) == 200
    assert number(database, "extract(epoch FROM expires_at)") == before


@pytest.fixture
async def http(authenticator: Authenticator) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    install_problems(app)
    app.state.authenticator = authenticator
    routes = APIRouter(route_class=GuardedRoute)

    @routes.api_route("/tenant", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], operation_id="tenant")
    async def tenant(caller: Annotated[Principal, Depends(require("client"))]) -> str:
        return caller.scope

    app.include_router(routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield http


def cookie(token: str) -> dict[str, str]:
    return {"cookie": f"theme=dark; alerting_session={token}"}


CSRF = {"x-alerting-csrf": "1"}


async def test_reading_needs_the_cookie_alone(http: httpx.AsyncClient, database: str) -> None:
    token = add_session(database, await add_key(database, "client:acme"))
    answer = await http.get("/tenant", headers=cookie(token))
    assert (answer.status_code, answer.json()) == (200, "client:acme")
    assert (await http.head("/tenant", headers=cookie(token))).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_changing_needs_the_header_too(http: httpx.AsyncClient, database: str, method: str) -> None:
    token = add_session(database, await add_key(database, "client:acme"))
    forged = await http.request(method, "/tenant", headers=cookie(token))
    assert forged.status_code == 403
    assert forged.headers["content-type"] == "application/problem+json"
    assert "x-alerting-csrf" in forged.json()["detail"]
    assert (await http.request(method, "/tenant", headers=cookie(token) | CSRF)).status_code == 200


async def test_the_scope_counts_for_sessions_too(http: httpx.AsyncClient, database: str) -> None:
    token = add_session(database, await add_key(database, "ingest"))
    assert (await http.get("/tenant", headers=cookie(token))).status_code == 403


async def test_the_header_alone_is_nothing(http: httpx.AsyncClient) -> None:
    assert (await http.post("/tenant", headers=CSRF)).status_code == 401
    assert (await http.post("/tenant", headers=CSRF | cookie(new_token()))).status_code == 401


async def test_a_key_comes_before_a_session(http: httpx.AsyncClient, database: str) -> None:
    admin = await add_key(database, "admin")
    both = cookie(add_session(database, await add_key(database, "client:acme"))) | {"authorization": f"Bearer {admin}"}
    assert (await http.get("/tenant", headers=both)).json() == "admin"
    assert (await http.post("/tenant", headers=both)).status_code == 200, "no browser adds a key by itself"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ak_x_y", "Basic YTpi"])
async def test_a_wrong_key_is_not_saved_by_a_session(http: httpx.AsyncClient, database: str, header: str) -> None:
    both = cookie(add_session(database, await add_key(database, "admin"))) | {"authorization": header}
    answer = await http.get("/tenant", headers=both)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
