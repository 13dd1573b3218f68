import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from alerting.runtime import body_limit
from alerting.runtime.body_limit import BodyLimit
from alerting.runtime.problem import install_problems


async def read_and_wait(request: Request) -> Response:
    body = await request.body()
    gone = await request.receive()
    return PlainTextResponse(f"{body.decode()} {gone['type']}")


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.add_route("/", read_and_wait, methods=["POST"])
    app.add_middleware(BodyLimit, limit_of=lambda _path: 4)
    install_problems(app)
    return app


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def ask(app: FastAPI, *parts: Message, silent: bool = False) -> tuple[int, bytes]:
    """Send parts of a body and then nothing more, or after a while that the caller is gone."""
    left, sent = list(parts), list[Any]()

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await (asyncio.Event().wait() if silent else asyncio.sleep(0.1))
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


async def test_a_body_within_its_limits(app: FastAPI) -> None:
    assert await ask(app, part(b"ab", more=True), part(b"cd", more=False)) == (200, b"abcd http.disconnect")


async def test_a_body_that_is_too_large(app: FastAPI) -> None:
    status, body = await ask(app, part(b"ab", more=True), part(b"cde", more=True))
    assert (status, b"larger than 4 bytes" in body) == (413, True)


async def test_a_body_that_does_not_arrive(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "_SECONDS", 0.01)
    status, body = await ask(app, part(b"ab", more=True), silent=True)
    assert (status, b"did not arrive" in body) == (408, True)


async def test_an_answer_may_take_longer_than_a_body(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "_SECONDS", 0.01)
    assert await ask(app, part(b"ab", more=False)) == (200, b"ab http.disconnect")
