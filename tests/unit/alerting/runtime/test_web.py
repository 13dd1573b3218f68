import gc
import re
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from alerting.runtime.web import new_app


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = new_app("a service", checks={}, lifespan=_nothing)
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


def test_an_application_that_is_not_used_any_more_goes() -> None:
    app = weakref.ref(new_app("a service", checks={}, lifespan=_nothing))
    gc.collect()
    assert app() is None
