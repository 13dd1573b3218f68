"""Errors as problem documents."""

from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel

from alerting.runtime.errors import Unavailable
from alerting.runtime.problem import Fault, Problem, install_problems

SECRET = "s3cr3t-w0rd"


class Body(BaseModel):
    name: str
    inner: dict[str, int] = {}


def app() -> FastAPI:
    app = FastAPI()
    install_problems(app)

    @app.get("/problem")
    async def problem() -> None:
        raise Problem(409, "it is there", [Fault(field="id", message="taken")], {"x-more": "1"})

    @app.get("/unavailable")
    async def unavailable() -> None:
        raise Unavailable("postgres", f"no connection to {SECRET}")

    @app.get("/crash")
    async def crash() -> None:
        raise ZeroDivisionError(SECRET)

    @app.get("/many")
    async def many() -> None:
        raise Problem(422, "all wrong", [Fault(field=str(number), message="x") for number in range(1_000)])

    @app.get("/query")
    async def query(limit: Annotated[int, Query(ge=1)]) -> int:
        return limit

    @app.post("/body")
    async def body(given: Body) -> str:
        return given.name

    return app


async def ask(method: str, path: str, content: bytes | None = None, kind: str = "application/json") -> httpx.Response:
    transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, content=content, headers={"content-type": kind})


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "field"),
    [
        ("GET", "/problem", None, 409, "id"),
        ("GET", "/nowhere", None, 404, None),
        ("PUT", "/problem", None, 405, None),
        ("GET", "/query", None, 422, "limit"),
        ("GET", "/query?limit=0", None, 422, "limit"),
        ("POST", "/body", b"{", 422, "body"),
        ("POST", "/body", b"", 422, "body"),
        ("POST", "/body", b"{}", 422, "name"),
        ("POST", "/body", b'{"name": "a", "inner": {"b": "c"}}', 422, "inner.b"),
        ("POST", "/body", b'{"name": 1, "inner": 1}', 422, "inner"),
        ("GET", "/unavailable", None, 503, None),
        ("GET", "/crash", None, 500, None),
    ],
)
async def test_every_error_is_a_problem_document(
    method: str, path: str, content: bytes | None, status: int, field: str | None
) -> None:
    answer = await ask(method, path, content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    fields = [fault["field"] for fault in document["errors"]]
    assert field in fields if field is not None else fields == []
    assert SECRET not in answer.text


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "json", "application/json5"])
async def test_a_body_has_to_be_said_to_be_json(kind: str) -> None:
    answer = await ask("POST", "/body", b'{"name": "a"}', kind)
    assert answer.status_code == 415
    assert answer.json()["errors"] == [{"field": "content-type", "message": "has to be application/json"}]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge-patch+json"])
async def test_what_is_json_by_another_name(kind: str) -> None:
    assert (await ask("POST", "/body", b'{"name": "a"}', kind)).json() == "a"


async def test_headers_are_kept() -> None:
    assert (await ask("GET", "/problem")).headers["x-more"] == "1"
    assert (await ask("GET", "/unavailable")).headers["retry-after"] == "1"
    assert (await ask("PUT", "/problem")).headers["allow"] == "GET"


async def test_only_so_many_faults_are_listed() -> None:
    assert len((await ask("GET", "/many")).json()["errors"]) == 100
