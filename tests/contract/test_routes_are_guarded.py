"""Every route of every HTTP service with no key, a wrong, an expired, a revoked one, each scope, and another tenant's.

And the same with sessions, which stand for keys. The routes are walked from the OpenAPI documents, and the answers
compared with `EXPECTED`: a route that is not in it, or that forgot its check, fails by existing. A service is added by
a line in `SERVICES`, and its routes in `EXPECTED`.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final, Literal

import httpx
import psycopg
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from starlette.routing import BaseRoute, Mount, Route

from alerting.rule_service import endpoint_tests
from alerting.runtime.auth import new_key
from alerting.runtime.config import Settings
from alerting.runtime.ids import new_id
from alerting.runtime.session import new_token
from alerting.runtime.web import Web
from fix_rule_service import NOWHERE, add_key, add_session
from fix_servers import Platform

SERVICES: Final = {
    "alert-producer": "alerting.alert_producer",
    "ingest": "alerting.ingest",
    "metrics": "alerting.metrics",
    "rule-service": "alerting.rule_service",
}

PUBLIC: Final = {"/healthz", "/readyz", "/metrics"}
DOCUMENTATION: Final = {"/openapi.json", "/docs"}
FILES: Final = {"/docs/files"}
# How one gets in, and out: tests/integration/rule_service/test_sessions.py.
OPEN: Final = {("rule-service", "POST /api/v1/session"), ("rule-service", "DELETE /api/v1/session")}
# Each is another service's: tests/integration/rule_service/test_gateway.py.
HANDED_ON: Final = {
    *("/api/v1/metrics/{rest:path}", "/api/v1/catalog", "/api/v1/jobs", "/api/v1/jobs/{rest:path}", "/api/v1/rejects"),
    *("/api/v1/integrations", "/api/v1/integrations/{rest:path}", "/api/v1/preview", "/api/v1/preview/{rest:path}"),
}

OWNER, OTHER = "acme", "globex"
ADMIN: Final = frozenset({"admin"})
TENANT: Final = frozenset({"admin", "client"})
SENDER: Final = frozenset({"admin", "ingest"})
ANYBODY: Final = TENANT | SENDER
SCOPES: Final = {"admin": "admin", "ingest": "ingest", "client": f"client:{OWNER}"}

Way = Literal["key", "session"]
Headers = Mapping[str, str]
CSRF: Final = {"x-alerting-csrf": "1"}


@dataclass(frozen=True)
class World:
    """Ids of things that belong to `OWNER`, by the names that paths have for them."""

    client_id: str = OWNER
    rule_id: str = field(default_factory=new_id)
    endpoint_id: str = field(default_factory=new_id)
    notification_id: str = field(default_factory=new_id)
    key_id: str = field(default_factory=new_id)
    job_id: str = field(default_factory=new_id)
    integration: str = "warehouse-7"


@dataclass(frozen=True)
class Expected:
    """Who may call a route, and a request that is right."""

    scopes: frozenset[str]
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    answer: int | None = None
    """What those who may call it get, when it is not a success."""
    sessions: bool = True
    """Whether a session is as good as a key."""
    key_answer: int | None = None
    """What a key gets, where a session is meant."""

    def by(self, way: Way) -> "Expected":
        return replace(self, answer=self.key_answer or self.answer) if way == "key" else self


_PLACE: Final = {"topic": "alerts.new", "partition": 0, "offset": 0}
"""Where a dead letter could stand, of whoever's alert it is."""

_RULE = {"severity": "LOW", "source": "new", "name": "new"}
_MATCH = {"if-match": "*"}
_EMAIL = {"type": "email", "value": "new@acme.example"}

_ALERT = {"severity": "LOW", "source": "api", "name": "timeout"}
_LABELS = {"alertname": "timeout", "service": "api"}
_FIRING = {"status": "firing", "labels": _LABELS, "annotations": {}, "startsAt": "2026-01-01T00:00:00Z", "endsAt": ""}
_WEBHOOK = {"version": "4", "status": "firing", "alerts": [_FIRING]}
_PAGE = {"event_action": "trigger", "payload": {"summary": "timeout", "source": "api", "severity": "error"}}
_CLOUD = {"specversion": "1.0", "id": "1", "source": "api", "type": "timeout"}
_CLOUD_TYPE = {"content-type": "application/cloudevents+json"}

_ALERTMANAGER = {
    "POST {}/api/v2/alerts": Expected(SENDER, [{"labels": _LABELS}]),
    "GET {}/api/v2/alerts": Expected(SENDER),
    "GET {}/api/v2/alerts/groups": Expected(SENDER),
    "GET {}/api/v2/receivers": Expected(SENDER),
    "GET {}/api/v2/status": Expected(SENDER),
    "GET {}/api/v2/silences": Expected(SENDER),
    "POST {}/api/v2/silences": Expected(SENDER, {}, answer=501),
    # Its senders have the key in the body, and no browser sends it.
    "POST {}/v2/enqueue": Expected(SENDER, _PAGE, sessions=False),
}

EXPECTED: Final = {
    "alert-producer": {
        "POST /api/v1/jobs": Expected(ADMIN, {"kind": "one", **_ALERT}),
        "GET /api/v1/jobs": Expected(ADMIN),
        "GET /api/v1/jobs/{job_id}": Expected(ADMIN, answer=404),
        "POST /api/v1/jobs/{job_id}/stop": Expected(ADMIN, answer=404),
        "GET /api/v1/catalog": Expected(ADMIN),
    },
    "ingest": {
        "POST /api/v1/alerts": Expected(SENDER, _ALERT),
        "GET /api/v1/rejects": Expected(SENDER),
        "GET /api/v1/integrations": Expected(SENDER),
        "GET /api/v1/integrations/{integration}": Expected(SENDER),
        "POST /api/v1/preview": Expected(TENANT | SENDER, {"format": "native", "body": _ALERT}),
        **{route.format(""): expected for route, expected in _ALERTMANAGER.items()},
        **{route.format("/integrations/{integration}"): expected for route, expected in _ALERTMANAGER.items()},
        "POST /integrations/{integration}/alertmanager": Expected(SENDER, _WEBHOOK),
        "POST /integrations/{integration}/grafana": Expected(SENDER, _WEBHOOK),
        "POST /integrations/{integration}/cloudevents": Expected(SENDER, _CLOUD, _CLOUD_TYPE),
    },
    "metrics": {
        "GET /api/v1/metrics/pipeline": Expected(ADMIN),
        "GET /api/v1/metrics/services": Expected(ADMIN),
        "GET /api/v1/metrics/topics": Expected(ADMIN),
        "GET /api/v1/metrics/notifications": Expected(TENANT),
        "GET /api/v1/metrics/history": Expected(ADMIN),
        "GET /api/v1/metrics/failing": Expected(TENANT),
    },
    "rule-service": {
        "GET /api/v1/clients": Expected(ADMIN),
        "POST /api/v1/clients": Expected(ADMIN, {"id": "initech", "name": "Initech"}),
        "GET /api/v1/clients/{client_id}": Expected(TENANT),
        "PATCH /api/v1/clients/{client_id}": Expected(ADMIN, {"name": "renamed"}),
        "DELETE /api/v1/clients/{client_id}": Expected(ADMIN),
        "GET /api/v1/clients/{client_id}/rules": Expected(TENANT),
        "POST /api/v1/clients/{client_id}/rules": Expected(TENANT, _RULE),
        "POST /api/v1/clients/{client_id}/rules/batch": Expected(TENANT, [_RULE]),
        "GET /api/v1/rules": Expected(TENANT),
        "GET /api/v1/rules/count": Expected(TENANT),
        "POST /api/v1/rules/overlaps": Expected(TENANT, {"client_id": OWNER, **_RULE}),
        "GET /api/v1/rules/{rule_id}": Expected(TENANT),
        "PATCH /api/v1/rules/{rule_id}": Expected(TENANT, {"enabled": False}, _MATCH),
        "DELETE /api/v1/rules/{rule_id}": Expected(TENANT, headers=_MATCH),
        "GET /api/v1/rules/{rule_id}/endpoints": Expected(TENANT),
        "POST /api/v1/rules/{rule_id}/endpoints": Expected(TENANT, _EMAIL),
        "GET /api/v1/endpoints": Expected(TENANT),
        "GET /api/v1/endpoints/count": Expected(TENANT),
        "GET /api/v1/endpoints/{endpoint_id}": Expected(TENANT),
        "PATCH /api/v1/endpoints/{endpoint_id}": Expected(TENANT, {"enabled": False}),
        "DELETE /api/v1/endpoints/{endpoint_id}": Expected(TENANT),
        "GET /api/v1/notifications": Expected(TENANT),
        "GET /api/v1/notifications/count": Expected(TENANT),
        "POST /api/v1/notifications/resend": Expected(TENANT, {"filter": {}, "expected": 5}, answer=409),
        "POST /api/v1/notifications/{notification_id}/resend": Expected(TENANT),
        "POST /api/v1/endpoints/{endpoint_id}/test": Expected(TENANT),
        "POST /api/v1/endpoints/{endpoint_id}/secret/rotate": Expected(TENANT, answer=409),
        "GET /api/v1/notifications/{notification_id}": Expected(TENANT),
        "GET /api/v1/dead-letters": Expected(ADMIN),
        "GET /api/v1/dead-letters/summary": Expected(ADMIN),
        "GET /api/v1/dead-letters/{topic}/{partition}/{offset}": Expected(ADMIN, answer=404),
        "POST /api/v1/dead-letters/replay": Expected(ADMIN, {"topic": "alerts.new"}),
        "POST /api/v1/dead-letters/drop": Expected(ADMIN, {"topic": "alerts.new"}),
        "GET /api/v1/keys": Expected(ADMIN),
        "POST /api/v1/keys": Expected(ADMIN, {"name": "x", "scope": "ingest"}),
        "GET /api/v1/keys/{key_id}": Expected(ADMIN),
        "DELETE /api/v1/keys/{key_id}": Expected(ADMIN),
        "POST /api/v1/match": Expected(TENANT, {"severity": "HIGH", "source": "api", "name": "timeout"}),
        "GET /api/v1/rules-version": Expected(TENANT),
        "GET /api/v1/audit": Expected(TENANT),
        "GET /api/v1/session": Expected(ANYBODY, key_answer=404),
        "GET /api/v1/ui": Expected(TENANT | SENDER),
    },
}  # fmt: skip


def application(service: str, new_settings: Callable[[type[Settings]], Settings]) -> FastAPI:
    """Make a service's application the way its process does."""
    package = SERVICES[service]
    found = vars(import_module(f"{package}.settings")).values()
    (kind,) = [each for each in found if isinstance(each, type) and issubclass(each, Settings) and each is not Settings]
    settings = new_settings(kind)
    app: FastAPI = import_module(f"{package}.app").make_app(Web(settings, service), settings)
    return app


def operations(app: FastAPI) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def every_route() -> list[tuple[str, str]]:
    return [
        (service, operation)
        for service in SERVICES
        for operation, _ in operations(application(service, lambda kind: kind(kafka_bootstrap_servers=NOWHERE)))
    ]


GUARDED: Final = [route for route in every_route() if route not in OPEN]


def test_every_route_has_an_expectation() -> None:
    assert sorted(GUARDED) == sorted((service, route) for service in SERVICES for route in EXPECTED[service])
    assert set(every_route()) >= OPEN


@pytest.mark.parametrize("service", SERVICES)
def test_no_route_is_hidden_from_the_document(service: str) -> None:
    app = application(service, lambda kind: kind(kafka_bootstrap_servers=NOWHERE))
    plain = {route.path for route in app.routes if isinstance(route, Route | Mount) and not is_documented(route)}
    handed_on = HANDED_ON if service == "rule-service" else set()
    assert plain <= PUBLIC | DOCUMENTATION | FILES | handed_on
    documented = sum(count_documented(route) for route in app.routes if is_documented(route))
    assert documented == len([one for one, _ in every_route() if one == service])


def is_documented(route: BaseRoute) -> bool:
    """Tell whether a route is the framework's for operations, and not one of those that are written down above."""
    return type(route) not in {Route, Mount}


def count_documented(route: BaseRoute) -> int:
    router = getattr(route, "original_router", None)
    if router is not None:
        return sum(count_documented(inner) for inner in router.routes)
    assert getattr(route, "include_in_schema", False), f"{route} is not in the document"
    return len(getattr(route, "methods", ()))


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_tells_its_readers_that_it_needs_a_key(service: str) -> None:
    app = application(service, lambda kind: kind(kafka_bootstrap_servers=NOWHERE))
    for name, operation in operations(app):
        if (service, name) in OPEN:
            assert "security" not in operation
            continue
        schemes = {scheme for each in operation["security"] for scheme in each}
        assert schemes == {"HTTPBearer", *(["APIKeyCookie"] if EXPECTED[service][name].sessions else [])}, name
        assert {"401", "403"} <= set(operation["responses"]) or "4XX" in operation["responses"], name
    ids = [operation["operationId"] for _, operation in operations(app)]
    assert len(set(ids)) == len(ids)


@asynccontextmanager
async def serving(service: str, platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    app = application(service, platform.settings)
    async with (
        LifespanManager(app, startup_timeout=30, shutdown_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://guarded", timeout=30) as http,
    ):
        yield http


@pytest.fixture(autouse=True)
def nobody_waits_for_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_tests, "_WAIT_SECONDS", 0.0)


@pytest.fixture
def world(platform: Platform) -> World:
    """Two tenants, and one of each thing for the first of them."""
    world = World()
    with psycopg.connect(platform.dsn, autocommit=True) as connection:

        def insert(table: str, **values: object) -> None:
            connection.execute(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})".encode(),
                list(values.values()),
            )

        for client in (OWNER, OTHER):
            insert("clients", id=client, name=client)
        insert("rules", id=world.rule_id, client_id=OWNER, severity="HIGH", source="api", name="timeout")
        insert("endpoints", id=world.endpoint_id, rule_id=world.rule_id, client_id=OWNER, type="email", value="a@b.c")
        insert(
            "notifications", id=world.notification_id, client_id=OWNER, alert_id="a1", severity="HIGH", source="api",
            name="timeout", context=Jsonb({}), event_at=datetime.now(UTC), rule_ids=[world.rule_id], rules_version=1,
        )  # fmt: skip
        key = new_key()
        insert("api_keys", id=world.key_id, name="key", prefix=key.prefix, key_hash=key.key_hash, scope="ingest")
    return world


@dataclass(frozen=True)
class Call:
    """A request to a route, about things of a world."""

    http: httpx.AsyncClient
    route: str
    expected: Expected

    async def by(self, credentials: Headers, world: World) -> httpx.Response:
        method, path = self.route.split(" ")
        headers = {**self.expected.headers, **credentials}
        body = {} if self.expected.body is None else {"json": self.expected.body}
        return await self.http.request(method, path.format(**_PLACE, **vars(world)), headers=headers, **body)


def is_problem(answer: httpx.Response, status: int) -> bool:
    kind = answer.headers.get("content-type")
    return answer.status_code == status and kind == "application/problem+json" and answer.json()["status"] == status


def bearer(key: str) -> Headers:
    return {"authorization": f"Bearer {key}"}


def cookie(token: str) -> Headers:
    return {"cookie": f"alerting_session={token}", **CSRF}


async def credentials(way: Way, dsn: str, scope: str) -> Headers:
    key = await add_key(dsn, scope)
    return bearer(key) if way == "key" else cookie(add_session(dsn, key))


async def worthless(way: Way, dsn: str) -> dict[str, Headers]:
    """Return what opens no route."""
    expired = await add_key(dsn, "admin", state="expired")
    revoked = await add_key(dsn, "admin", state="revoked")
    good = await add_key(dsn, "admin")
    if way == "session":
        return {
            "no session": CSRF,
            "an empty token": cookie(""),
            "a wrong token": cookie(new_token()),
            "a key instead of a token": cookie(good),
            "a session that has ended": cookie(add_session(dsn, good, lasts="-1 second")),
            "a session of an expired key": cookie(add_session(dsn, expired)),
            "a session of a revoked key": cookie(add_session(dsn, revoked)),
            "a session beside a wrong key": {**cookie(add_session(dsn, good)), **bearer(new_key().key)},
        }
    return {
        "no key": {},
        "an empty key": bearer(""),
        "a wrong key": bearer(new_key().key),
        "a key with a wrong secret": bearer(good[:-4] + "AAAA"),
        "a token instead of a key": bearer(add_session(dsn, good)),
        "an expired key": bearer(expired),
        "a revoked key": bearer(revoked),
    }


@pytest.mark.parametrize("way", ["key", "session"])
@pytest.mark.parametrize(("service", "route"), GUARDED)
async def test_route(service: str, route: str, way: Way, platform: Platform, world: World) -> None:
    expected = EXPECTED[service][route].by(way)
    async with serving(service, platform) as http:
        call = Call(http, route, expected)
        for what, headers in (await worthless(way, platform.dsn)).items():
            answer = await call.by(headers, world)
            assert is_problem(answer, 401), f"{what}: {answer.status_code} {answer.text}"
            assert answer.headers["www-authenticate"] == "Bearer", what

        if way == "session":
            await check_forgery(call, await credentials(way, platform.dsn, "admin"), world)
            if not expected.sessions:
                return

        for name in sorted(SCOPES.keys() - expected.scopes):
            answer = await call.by(await credentials(way, platform.dsn, SCOPES[name]), world)
            assert is_problem(answer, 403), f"{name}: {answer.status_code} {answer.text}"

        if "client" in expected.scopes:
            await check_another_tenant(call, await credentials(way, platform.dsn, f"client:{OTHER}"), world)
        # The owner first: what it deletes, an admin does not find any more.
        for name in sorted(expected.scopes, reverse=True):
            answer = await call.by(await credentials(way, platform.dsn, SCOPES[name]), world)
            first = name == max(expected.scopes)
            if expected.answer is not None:
                assert is_problem(answer, expected.answer), f"{name}: {answer.status_code} {answer.text}"
                continue
            allowed = answer.is_success or answer.status_code == 409 or (not first and answer.status_code == 404)
            assert allowed, f"{name}: {answer.status_code} {answer.text}"


async def check_forgery(call: Call, session: Headers, world: World) -> None:
    """Do what another site's page can: a request that the browser adds its cookie to, and nothing else."""
    if not call.expected.sessions:
        assert is_problem(await call.by(session, world), 401)
    elif not call.route.startswith("GET "):
        answer = await call.by({"cookie": session["cookie"]}, world)
        assert is_problem(answer, 403), f"{answer.status_code} {answer.text}"
        assert "x-alerting-csrf" in answer.json()["detail"]


async def check_another_tenant(call: Call, other: Headers, world: World) -> None:
    answer = await call.by(other, world)
    if "{" in call.route:
        nothing = World(client_id="nobody")
        assert is_problem(answer, 404), f"{answer.status_code} {answer.text}"
        unknown = await call.by(other, nothing)
        assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
        assert {**answer.headers} == {**unknown.headers}
    else:
        assert answer.is_success or is_problem(answer, call.expected.answer or 0)
        for value in vars(world).values():
            assert value not in answer.text


@pytest.mark.parametrize("service", SERVICES)
async def test_health_and_metrics_need_no_key_and_tell_no_secret(
    service: str, platform: Platform, world: World
) -> None:
    key = await add_key(platform.dsn, "admin")
    secrets = [key, key.split("_", 2)[2], *re.findall(r"password=(\S+)", platform.dsn), *vars(world).values()]
    async with serving(service, platform) as http:
        await http.get("/api/v1/rules", headers={"authorization": f"Bearer {key}"})
        for path in sorted(PUBLIC | DOCUMENTATION):
            answer = await http.get(path)
            assert answer.status_code == 200, (path, answer.text)
            assert not [secret for secret in secrets if secret in answer.text], path
