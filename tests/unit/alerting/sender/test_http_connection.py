"""The connection by itself: what comes back is given to it in pieces of any size."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.http_connection import (
    MOST_ANSWER_BYTES,
    MOST_HEAD_BYTES,
    RECORDED_BYTES,
    Answer,
    HttpConnection,
    NoAnswer,
)

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
HELLO = Answer(200, {}, b"hello")


class Wire(asyncio.Transport):
    """What the connection writes to; it notes that it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.unsent = 0
        self.closed = False

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.closed = True


def connected() -> tuple[HttpConnection, Wire]:
    connection, wire = HttpConnection(), Wire()
    connection.connection_made(wire)
    return connection, wire


async def asked(
    connection: HttpConnection, *pieces: bytes, lost: bool = False, deadline: float = 60.0
) -> Answer | Exception:
    """Ask, let these pieces come back, and return what came of it."""
    loop = asyncio.get_running_loop()
    asking = asyncio.create_task(connection.ask(b"request", loop.time() + deadline))
    await asyncio.sleep(0)
    for piece in pieces:
        connection.data_received(piece)
    if lost:
        connection.connection_lost(None)
    try:
        return await asking
    except (NoAnswer, TimeoutError) as error:
        return error


def split(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = [0, *sorted({cut % len(data) for cut in cuts}), len(data)]
    return [data[begin:end] for begin, end in pairwise(places) if begin < end]


@given(st.lists(st.integers(0, 10_000), max_size=20))
@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (OK, HELLO),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", HELLO),
        (b"HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", Answer(204, {}, b"")),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\ndate: x\r\n\r\n" + OK, HELLO),
        (b"HTTP/1.1 200 OK\ncontent-length: 5\n\nhello", HELLO),
        (
            b"HTTP/1.1 429 Later\r\nRETRY-AFTER: 7\r\nretry-after: 8\r\nDate: now\r\ncontent-length: 0\r\n\r\n",
            Answer(429, {"retry-after": "7", "date": "now"}, b""),
        ),
    ],
)
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(data: bytes, answer: Answer, cuts: list[int]) -> None:
    async def ask() -> None:
        connection, wire = connected()
        assert await asked(connection, *split(data, cuts)) == answer
        assert wire.sent == b"request"
        # And the next one is not taken for a part of it.
        assert connection.usable
        assert await asked(connection, OK) == HELLO

    asyncio.run(ask())


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        OK + b"more than was announced",
        OK + OK,
    ],
)
async def test_a_connection_that_may_not_be_used_again_is_closed(data: bytes) -> None:
    connection, wire = connected()
    assert await asked(connection, data) == HELLO
    assert wire.closed
    assert not connection.usable


async def test_what_comes_without_having_been_asked_for_closes_the_connection() -> None:
    connection, wire = connected()
    assert await asked(connection, OK) == HELLO
    connection.data_received(OK)
    assert wire.closed


async def test_an_answer_to_half_a_request_counts_and_closes_the_connection() -> None:
    connection, wire = connected()
    wire.unsent = 1
    assert await asked(connection, OK) == HELLO
    assert wire.closed


@pytest.mark.parametrize(
    "begun", [b"HTTP/1.1 200 OK\r\n\r\nhello", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"]
)
async def test_the_status_counts_when_the_body_ends_with_the_connection_or_breaks_off(begun: bytes) -> None:
    connection, _ = connected()
    assert await asked(connection, begun, lost=True) == HELLO


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n"])
async def test_without_a_status_there_is_no_answer(begun: bytes) -> None:
    connection, _ = connected()
    assert isinstance(await asked(connection, begun, lost=True), NoAnswer)


@pytest.mark.parametrize(
    ("begun", "taken"), [(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello", True), (b"", False)]
)
async def test_the_deadline_ends_it(begun: bytes, taken: bool) -> None:
    connection, wire = connected()
    outcome = await asked(connection, *[begun] if begun else [], deadline=0.01)
    assert outcome == HELLO if taken else isinstance(outcome, TimeoutError)
    assert wire.closed


async def test_of_a_long_body_the_beginning_is_kept_and_of_an_endless_one_no_more_is_read() -> None:
    connection, wire = connected()
    long = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + b"x" * 5_000
    assert await asked(connection, long) == Answer(200, {}, b"x" * RECORDED_BYTES)
    assert not wire.closed
    endless = [b"HTTP/1.1 200 OK\r\n\r\n", b"x" * (MOST_ANSWER_BYTES - 1), b"x"]
    assert await asked(connection, *endless) == Answer(200, {}, b"x" * RECORDED_BYTES)
    assert wire.closed


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"])
async def test_a_head_without_end_is_no_answer(before: bytes) -> None:
    connection, wire = connected()
    line = b"x: " + b"y" * 1_000 + b"\r\n"
    outcome = await asked(connection, before, *[line] * (MOST_HEAD_BYTES // len(line) + 1))
    assert isinstance(outcome, NoAnswer)
    assert wire.closed


async def test_another_protocol_is_an_answer_and_the_end_of_the_connection() -> None:
    connection, wire = connected()
    head = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    outcome = await asked(connection, head + b"\x81\x05hello")
    assert isinstance(outcome, Answer)
    assert outcome.status == 101
    assert wire.closed


async def test_who_is_cancelled_leaves_no_answer_for_the_next() -> None:
    connection, wire = connected()
    asking = asyncio.create_task(connection.ask(b"request", asyncio.get_running_loop().time() + 60))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait({asking})
    assert wire.closed
    connection.data_received(OK)
