"""Requests that are wrong before anything is done: a problem document that names the field, and nothing changes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from fix_rule_service import Caller, RuleService

MEBIBYTE = 1_048_576
JSON = {"content-type": "application/json"}
RULE = b'{"severity": "HIGH", "source": "a", "name": "b"}'


@pytest.fixture
async def tenant(service: RuleService) -> tuple[str, Caller]:
    return await service.tenant()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"nonsense", b"{'a': 1}", b"[1,", b"\xff\xfe", b'{"source": "\xff"}', b"[" * 100_000, b"1" * 5_000],
    ids=["empty", "cut", "nonsense", "quotes", "list", "not UTF-8", "not UTF-8 within", "deep", "long number"],
)
@pytest.mark.parametrize("path", ["/rules", "/rules/batch"])
async def test_what_is_not_json(tenant: tuple[str, Caller], content: bytes, path: str) -> None:
    client, caller = tenant
    answer = await caller.request("POST", f"/clients/{client}{path}", content=content, headers=JSON)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "body" in answer.json()["detail"]


async def test_where_json_ends_is_told(tenant: tuple[str, Caller]) -> None:
    client, caller = tenant
    answer = await caller.request("POST", f"/clients/{client}/rules", content=b'{"source": nil}', headers=JSON)
    assert answer.json()["errors"] == [{"field": "body", "message": "not JSON, from character 11 on"}]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_what_is_not_said_to_be_json(tenant: tuple[str, Caller], kind: str | None) -> None:
    client, caller = tenant
    headers = {} if kind is None else {"content-type": kind}
    answer = await caller.request("POST", f"/clients/{client}/rules", content=RULE, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (415, "content-type")
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"severity": "HIGH", "source": "\\ud800", "name": "b"}', "source"),
        (b'{"severity": "HIGH", "source": "a", "name": "b", "\\ud800": 1}', "body"),
        (b'{"severity": "HIGH", "source": "a", "name": "b", "body": 1}', "body"),
        (b'{"severity": "HIGH", "source": "a", "name": "b", "' + b"x" * 9_000 + b'": 1}', "x" * 255),
        (b'{"severity": "HIGH", "source": "a", "name": "b", "\\u0000": 1}', "\0"),
    ],
)
async def test_texts_that_are_none(tenant: tuple[str, Caller], content: bytes, field: str) -> None:
    client, caller = tenant
    answer = await caller.request("POST", f"/clients/{client}/rules", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(("path", "limit"), [("/rules", MEBIBYTE), ("/rules/batch", 10 * MEBIBYTE)])
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "streamed"])
async def test_a_body_that_is_too_large(tenant: tuple[str, Caller], path: str, limit: int, announced: bool) -> None:
    client, caller = tenant

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(limit // MEBIBYTE):
            yield b" " * MEBIBYTE
        yield b" "

    content: Any = b" " * (limit + 1) if announced else stream()
    answer = await caller.request("POST", f"/clients/{client}{path}", content=content, headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(limit) in answer.json()["detail"]


async def test_a_body_that_is_just_not_too_large(tenant: tuple[str, Caller]) -> None:
    client, caller = tenant
    content = RULE + b" " * (MEBIBYTE - len(RULE))
    answer = await caller.request("POST", f"/clients/{client}/rules", content=content, headers=JSON)
    assert answer.status_code == 201


async def test_nobody_sends_a_body_without_a_key(service: RuleService) -> None:
    read = []

    async def stream() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{"

    for path in ("/clients", "/clients/a/rules", "/clients/a/rules/batch", "/keys", "/match"):
        answer = await Caller(service.http, None).request("POST", path, content=stream(), headers=JSON)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert not read


LISTS = ["/clients", "/rules", "/notifications", "/keys"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "9" * 5_000}, "limit"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"cursor": "\0"}, "cursor"),
        ({"cursor": "WyJvdGhlciIsImEiXQ"}, "cursor"),
        ({"cursor": "bnVsbA"}, "cursor"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_wrong_page(service: RuleService, path: str, query: dict[str, str], field: str) -> None:
    answer = await service.admin.get(path, **query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/rules", {"severity": "SEVERE"}, "severity"),
        ("/rules", {"source": "\0"}, "source"),
        ("/rules", {"client_id": "x" * 256}, "client_id"),
        ("/rules", {"enabled": "perhaps"}, "enabled"),
        ("/clients", {"enabled": "perhaps"}, "enabled"),
        ("/notifications", {"status": "LOST"}, "status.0"),
        ("/notifications", {"from": "yesterday"}, "from"),
        ("/notifications", {"to": "2026-01-01T00:00:00"}, "to"),
        ("/notifications", {"name": "\0"}, "name"),
        ("/keys", {"scope": "\0"}, "scope"),
    ],
)
async def test_a_wrong_filter(service: RuleService, path: str, query: dict[str, str], field: str) -> None:
    answer = await service.admin.get(path, **query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("path", ["/rules/%00", "/clients/a%00", "/endpoints/%00", "/keys/%00", "/rules/%00/endpoints"])
async def test_ids_with_nul(service: RuleService, path: str) -> None:
    answer = await service.admin.get(path)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith("_id")


@pytest.mark.parametrize("path", ["/nothing", "/rules/%2e%2e", "/notifications/x", "/notifications/%00", "/rules/é"])
async def test_what_is_not_there(service: RuleService, path: str) -> None:
    answer = await service.admin.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/rules", "GET"),
        ("/rules/x", "GET, PATCH, DELETE"),
        ("/rules/count", "GET, PATCH, DELETE"),
        ("/clients", "GET, POST"),
        ("/rules/overlaps", "GET, POST, PATCH, DELETE"),
    ],
)
async def test_a_method_that_is_not_there(service: RuleService, path: str, allowed: str) -> None:
    answer = await service.admin.request("PUT", path)
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == allowed
