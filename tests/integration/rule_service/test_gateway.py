"""Requests that are handed on: through real HTTP servers, to a service that says what it was sent."""

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerting.local.ports import free_port
from alerting.rule_service import gateway as gateway_module
from alerting.rule_service.app import make_app
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.config import Settings
from alerting.runtime.http_server import serving_in_thread
from alerting.runtime.web import Web
from fix_rule_service import NOWHERE, RuleService, add_key, serving

MEBIBYTE = 1_048_576
CSRF = {"x-alerting-csrf": "1"}


async def echo(request: Request) -> Response:
    body = await request.body()
    said = {
        "method": request.method,
        "path": request.scope["raw_path"].decode(),
        "query": request.scope["query_string"].decode(),
        "headers": {name: value for name, value in request.headers.items() if name != "host"},
        "body": body.decode(),
    }
    headers = {
        "set-cookie": "alerting_session=stolen; Path=/",
        "server": "secret/1.0",
        "x-internal": "10.0.0.1",
        "access-control-allow-origin": "*",
        "etag": '"7"',
        "location": "/api/v1/jobs/1",
        "content-type": "application/json",
    }
    return Response(json.dumps(said), 201, headers)


async def problem(_request: Request) -> Response:
    body = {"type": "about:blank", "title": "Conflict", "status": 409, "detail": "so many run", "errors": []}
    headers = {"retry-after": "7"}
    return JSONResponse(body, 409, headers, media_type="application/problem+json")


async def elsewhere(_request: Request) -> Response:
    return Response(None, 307, {"location": "http://127.0.0.1:1/secret"})


async def protocol_relative(_request: Request) -> Response:
    return Response(None, 307, {"location": "//evil.example/"})


async def large(request: Request) -> Response:
    return Response(b"x" * int(request.query_params["size"]))


# What every answer has.
OURS = {"cache-control", "content-security-policy", "referrer-policy", "x-content-type-options"}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
SERVICE = Starlette(
    routes=[
        Route("/api/v1/jobs/problem", problem),
        Route("/api/v1/jobs/elsewhere", elsewhere),
        Route("/api/v1/jobs/relative", protocol_relative),
        Route("/api/v1/jobs/large", large),
        Route("/{rest:path}", echo, methods=METHODS),
    ]
)


@pytest.fixture
def other() -> Iterator[str]:
    """The address of a service."""
    with serving_in_thread(SERVICE, Settings(drain_timeout=5)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def gateway(database: str, other: str) -> AsyncIterator[RuleService]:
    async with serving(database, producer_url=other, metrics_url=other, ingest_url=f"{other}/below/") as service:
        yield service


async def said(answer: httpx.Response) -> Any:
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def browser(gateway: RuleService) -> AsyncIterator[httpx.AsyncClient]:
    """Is signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app), base_url="http://rules") as browser:
        answer = await browser.post("/api/v1/session", json={"key": gateway.admin.key})
        assert answer.status_code == 201
        browser.cookies.set("other", "private")
        yield browser


async def test_a_request_arrives_as_it_was(gateway: RuleService) -> None:
    headers = {
        "if-match": '"3"',
        "idempotency-key": "k",
        "accept": "application/json",
        "content-type": "application/json",
    }
    answer = await gateway.admin.request(
        "POST", "/jobs?a=1&b=%2F%3F&a=2", content='{"kind": "one", "name": "é"}'.encode(), headers=headers
    )
    sent = await said(answer)
    assert (sent["method"], sent["path"], sent["query"]) == ("POST", "/api/v1/jobs", "a=1&b=%2F%3F&a=2")
    assert sent["body"] == '{"kind": "one", "name": "é"}'
    expected = headers | {"authorization": f"Bearer {gateway.admin.key}", "accept-encoding": "identity"}
    assert sent["headers"] == expected | {"content-length": str(len(sent["body"].encode()))}


async def test_each_path_goes_to_its_service(gateway: RuleService) -> None:
    assert (await said(await gateway.admin.get("/metrics/pipeline")))["path"] == "/api/v1/metrics/pipeline"
    assert (await said(await gateway.admin.get("/catalog")))["path"] == "/api/v1/catalog"
    assert (await said(await gateway.admin.get("/integrations/p-1")))["path"] == "/below/api/v1/integrations/p-1"


@pytest.mark.parametrize("method", METHODS)
async def test_methods(browser: httpx.AsyncClient, method: str) -> None:
    answer = await browser.request(method, "/api/v1/jobs/1", headers=CSRF)
    assert answer.status_code == 201
    if method == "HEAD":
        assert answer.content == b""
    else:
        assert answer.json()["method"] == method


async def test_of_the_cookies_only_the_session_goes_on_and_none_comes_back(browser: httpx.AsyncClient) -> None:
    token = browser.cookies["alerting_session"]
    answer = await browser.get(
        "/api/v1/jobs", headers={"x-forwarded-for": "1.2.3.4", "connection": "x-secret", "te": "gzip"}
    )
    sent = await said(answer)
    assert sent["headers"]["cookie"] == f"alerting_session={token}"
    assert sent["headers"].keys() == {"accept", "accept-encoding", "cookie"}
    assert answer.headers.keys() - OURS == {"content-type", "content-length", "etag", "location"}
    assert browser.cookies["alerting_session"] == token


async def test_one_callers_cookies_are_never_anothers(gateway: RuleService, browser: httpx.AsyncClient) -> None:
    await said(await browser.get("/api/v1/jobs"))
    sent = await said(await gateway.admin.get("/jobs"))
    assert "cookie" not in sent["headers"]
    assert sent["headers"]["authorization"] == f"Bearer {gateway.admin.key}"


async def test_without_a_key_nothing_is_handed_on(gateway: RuleService, browser: httpx.AsyncClient) -> None:
    for headers in ({}, {"authorization": "Bearer ak_x_y"}, {"cookie": "alerting_session=x"}):
        for method in ("GET", "POST"):
            answer = await gateway.http.request(method, "/api/v1/jobs", headers=headers | CSRF)
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"
    assert (await browser.post("/api/v1/jobs")).status_code == 403, "another site's page starts no job"


async def test_a_problem_stays_as_it_is(gateway: RuleService) -> None:
    answer = await gateway.admin.get("/jobs/problem")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["detail"] == "so many run"


@pytest.mark.parametrize("path", ["/jobs/elsewhere", "/jobs/relative"])
async def test_the_way_to_another_address_is_not_told(gateway: RuleService, path: str) -> None:
    answer = await gateway.admin.get(path)
    assert answer.status_code == 307
    assert "location" not in answer.headers


async def test_bodies_have_bounds(gateway: RuleService) -> None:
    assert (await gateway.admin.request("POST", "/jobs", content=b"x" * MEBIBYTE)).status_code == 201
    over = await gateway.admin.request("POST", "/jobs", content=b"x" * (MEBIBYTE + 1))
    assert over.status_code == 413
    full = await gateway.admin.get("/jobs/large", size=16 * MEBIBYTE)
    assert (full.status_code, len(full.content)) == (200, 16 * MEBIBYTE)
    large = await gateway.admin.get("/jobs/large", size=16 * MEBIBYTE + 1)
    assert large.status_code == 502
    assert large.json()["detail"] == "the answer of alert-producer is larger than 16777216 bytes"


async def test_a_service_that_is_not_there_is_named(database: str) -> None:
    async with serving(database, metrics_url=f"http://127.0.0.1:{free_port()}") as service:
        answer = await service.admin.get("/metrics/pipeline")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "metrics does not answer; try again"
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx", b"no HTTP\r\n\r\n"])
async def test_a_service_that_ends_in_the_middle_is_named(database: str, words: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, serving(database, ingest_url=f"http://127.0.0.1:{port}") as service:
        answer = await service.admin.get("/rejects")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "ingest does not answer; try again"


async def test_a_service_that_says_nothing_is_named(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with serving(database, ingest_url=f"http://127.0.0.1:{silent.getsockname()[1]}") as service:
            answer = await service.admin.get("/rejects")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "ingest does not answer; try again"


@pytest.fixture
def listening(database: str, other: str) -> Iterator[int]:
    """The port of rule-service behind its own HTTP server."""
    settings = RuleServiceSettings(
        port=0, drain_timeout=5, kafka_bootstrap_servers=NOWHERE, postgres_dsn=SecretStr(database),
        producer_url=other, metrics_url=other, ingest_url=other,
    )  # fmt: skip
    app = make_app(Web(settings, "rule-service"), settings, AsyncMemoryProducer(MemoryBroker()))
    with serving_in_thread(app, settings) as port:
        yield port


def raw(port: int, path: str, headers: dict[str, str]) -> tuple[int, str, str]:
    """Send a path as it is written: other clients tidy it first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers["content-type"], answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/jobs/../rules", "/api/v1/jobs/%2e%2e/rules", "/api/v1/jobs/..%2frules", "/api/v1/jobs/%2e%2e%2fx",
        "/api/v1/metrics/..%2f..%2f..%2fmetrics", "/api/v1/metrics/../../../metrics", "/api/v1/jobs/%00",
        "/api/v1/jobs/%252e%252e/x", "/api/v1/jobs/a%5c..%5cb", "/api/v1//jobs", "/api/v1/jobs//a", "/api/v1/jobs/a/",
        "/api/v1/jobs/a%3fb", "/api/v1/jobs/a%23b", "/api/v1/jobs/a%0d%0ax:y", "/api/v1/rejects/x", "/api/v1/alerts",
        "/api/v1/nothing", "/api/v2/alerts", "/api/../etc/passwd", "/api/%2e%2e/%2e%2e/etc/passwd",
    ],
)  # fmt: skip
async def test_no_written_path_leads_elsewhere(database: str, listening: int, path: str) -> None:
    headers = {"authorization": f"Bearer {await add_key(database, 'admin')}"}
    status, kind, body = await asyncio.to_thread(raw, listening, path, headers)
    assert (status, kind) == (404, "application/problem+json"), body


async def test_an_absolute_target_is_no_way_out(database: str, listening: int, other: str) -> None:
    headers = {"authorization": f"Bearer {await add_key(database, 'admin')}"}
    status, kind, body = await asyncio.to_thread(raw, listening, f"{other}/api/v1/nothing", headers)
    assert (status, kind) == (404, "application/problem+json"), body


async def test_a_real_request_goes_through(database: str, listening: int) -> None:
    headers = {"authorization": f"Bearer {await add_key(database, 'client:acme')}"}
    status, _, body = await asyncio.to_thread(raw, listening, "/api/v1/jobs/a?x=%0a", headers)
    assert (status, json.loads(body)["query"]) == (201, "x=%0a")
