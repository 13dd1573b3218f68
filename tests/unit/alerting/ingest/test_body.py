import asyncio
from typing import Any

import pytest
from fastapi import Request

from alerting.ingest import body as module
from alerting.ingest.body import Bodies
from alerting.runtime.problem import Problem


def request(*messages: dict[str, Any]) -> Request:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    return Request({"type": "http", "headers": []}, receive)


def chunk(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_in_chunks() -> None:
    async with Bodies(1_000, 1_000).read(request(chunk(b"a", more=True), chunk(b"b"))) as body:
        assert body == b"ab"


async def test_a_body_in_very_many_pieces_is_not_counted_anew_with_each() -> None:
    looks = 0

    class Piece(bytes):
        def __len__(self) -> int:
            nonlocal looks
            looks += 1
            return super().__len__()

    pieces = 1_000
    sent = [chunk(Piece(b"x"), more=True) for _ in range(pieces)]
    async with Bodies(pieces, pieces).read(request(*sent, chunk(b""))) as body:
        assert body == b"x" * pieces
    assert looks < 10 * pieces


async def test_a_sender_that_stops_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.01)
    with pytest.raises(Problem) as error:
        async with Bodies(1_000, 1_000).read(request(chunk(b"a", more=True))):
            pass
    assert error.value.status == 408


async def test_a_sender_that_goes_away() -> None:
    with pytest.raises(Problem) as error:
        async with Bodies(1_000, 1_000).read(request(chunk(b"a", more=True), {"type": "http.disconnect"})):
            pass
    assert error.value.status == 400


async def test_what_is_worked_on_counts_until_it_is_done() -> None:
    bodies = Bodies(1_000, 1_000)
    async with bodies.read(request(chunk(b"x" * 600))):
        with pytest.raises(Problem) as error:
            async with bodies.read(request(chunk(b"x" * 401))):
                pass
        assert error.value.status == 503
        async with bodies.read(request(chunk(b"x" * 400))) as body:
            assert len(body) == 400
    async with bodies.read(request(chunk(b"x" * 1_000))) as body:
        assert len(body) == 1_000


async def test_a_failure_of_the_work_is_not_one_of_the_body() -> None:
    bodies = Bodies(1_000, 1_000)
    with pytest.raises(TimeoutError):
        async with bodies.read(request(chunk(b"x"))):
            raise TimeoutError
