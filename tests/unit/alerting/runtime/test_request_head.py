import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.server import ServerState

from alerting.runtime import request_head
from alerting.runtime.request_head import MOST_BYTES, BoundedHeadProtocol

Connect = Callable[[], BoundedHeadProtocol]

WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
BEGUN = b"GET / HTTP/1.1\r\nHost:"


class Connection:
    """A transport that notes what is written, and that it was closed."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed.set()

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def get_extra_info(self, _name: str) -> None:
        return None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


@pytest.fixture
def connection() -> Connection:
    return Connection()


@pytest.fixture
async def connect(connection: Connection) -> AsyncIterator[Connect]:
    """Return what makes the connection, so that a test can set something before."""
    config = uvicorn.Config(Starlette(routes=[Route("/", echo, methods=["GET", "POST"])]), log_config=None)
    config.load()
    made = BoundedHeadProtocol(config, ServerState(), {}, asyncio.get_running_loop())

    def begin() -> BoundedHeadProtocol:
        made.connection_made(cast("asyncio.Transport", connection))
        return made

    yield begin
    made.connection_lost(None)


@pytest.fixture
def protocol(connect: Connect) -> BoundedHeadProtocol:
    return connect()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def problem(connection: Connection) -> Any:
    head, _, body = connection.written.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    found = json.loads(body)
    assert head.startswith(f"HTTP/1.1 {found['status']} {found['title']}\r\n".encode())
    return found


async def test_a_request_like_all_others(protocol: BoundedHeadProtocol, connection: Connection) -> None:
    for _ in range(2):
        connection.written = b""
        protocol.data_received(WHOLE)
        await settle()
        assert connection.written.startswith(b"HTTP/1.1 200 OK")
        assert connection.written.endswith(b"hello")
    assert not connection.closed.is_set()


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"x-more: %s\r\n" % (b"a" * 1_000)),
        (b"GET / HTTP/1.1\r\nHost: x\r\nx-long: ", b"a" * 1_000),
        (b"GET /", b"a" * 1_000),
        (b"", b"\r\n" * 500),
    ],
    ids=["headers", "a header", "a path", "nothing"],
)
async def test_a_head_that_does_not_end(
    protocol: BoundedHeadProtocol, connection: Connection, begin: bytes, more: bytes
) -> None:
    protocol.data_received(begin)
    sent = len(begin)
    while not connection.closed.is_set():
        assert sent <= MOST_BYTES
        protocol.data_received(more)
        sent += len(more)
    await settle()
    assert problem(connection)["status"] == 431


async def test_a_body_is_not_counted_and_what_follows_it_is(
    protocol: BoundedHeadProtocol, connection: Connection
) -> None:
    protocol.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(4 * MOST_BYTES // 1_000):
        protocol.data_received(b"3e8\r\n" + b"a" * 1_000 + b"\r\n")
    assert not connection.closed.is_set()
    protocol.data_received(b"0\r\n")
    sent = 0
    while not connection.closed.is_set():
        assert sent <= MOST_BYTES
        protocol.data_received(b"x-more: %s\r\n" % (b"a" * 1_000))
        sent += 1_010
    await settle()
    # The application has the request already, and its answer is the only one that there may be.
    assert b"431" not in connection.written


async def test_what_is_not_http_is_told_like_everything_else(
    protocol: BoundedHeadProtocol, connection: Connection
) -> None:
    protocol.data_received(b"\x16\x03\x01 a hello of TLS\r\n\r\n")
    await settle()
    assert problem(connection)["status"] == 400
    assert connection.closed.is_set()


@pytest.mark.parametrize("begin", [b"", BEGUN, WHOLE + BEGUN], ids=["at all", "whole", "whole, the second time"])
async def test_a_head_that_does_not_come(
    monkeypatch: pytest.MonkeyPatch, connect: Connect, connection: Connection, begin: bytes
) -> None:
    monkeypatch.setattr(request_head, "_SECONDS", 0.01)
    connect().data_received(begin)
    await asyncio.wait_for(connection.closed.wait(), 10)
    assert b"431" not in connection.written
