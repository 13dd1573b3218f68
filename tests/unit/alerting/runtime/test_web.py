import gc
import re
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Response

from alerting.runtime.web import new_app


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


def _thing() -> dict[str, str]:
    return {}


def _kept() -> Response:
    return Response(headers={"cache-control": "max-age=1"})


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = new_app("a service", checks={}, lifespan=_nothing)
    app.add_api_route("/api/v1/thing", _thing)
    app.add_api_route("/api/v1/kept", _kept)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        yield http


async def test_the_documentation_is_made_of_files_of_our_own(http: httpx.AsyncClient) -> None:
    page = (await http.get("/docs")).text
    used = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert {used_.rpartition(".")[2] for used_ in used} >= {"js", "css"}
    for path in used:
        assert path.startswith("/docs/files/")
        assert (await http.get(path)).status_code == 200, path
    assert not re.search(r"https?://", page)


@pytest.mark.parametrize("path", ["/docs", "/docs/files/swagger-ui.css", "/openapi.json", "/healthz", "/nothing"])
async def test_what_browsers_are_told_with_every_answer(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "cache-control" not in answer.headers


async def test_what_the_api_answers_is_kept_by_nobody(http: httpx.AsyncClient) -> None:
    answers = [await http.get("/api/v1/thing"), await http.get("/api/v1/nothing"), await http.put("/api/v1/thing")]
    assert [answer.status_code for answer in answers] == [200, 404, 405]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert (await http.get("/api/v1/kept")).headers.get_list("cache-control") == ["max-age=1"], "it says so itself"


def test_an_application_that_is_not_used_any_more_goes() -> None:
    app = weakref.ref(new_app("a service", checks={}, lifespan=_nothing))
    gc.collect()
    assert app() is None
