"""Reads the bodies of requests, within bounds: of each, of all together, and of time."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from alerting.ingest.faults import Unreadable
from alerting.ingest.gzip_stream import GzipStream
from alerting.runtime.problem import Problem

_SECONDS: Final = 30.0


class Bodies:
    """Reads bodies, and knows how many bytes of them are being worked on."""

    def __init__(self, most_bytes: int, most_pending: int) -> None:
        self._most_bytes = most_bytes
        self._most_pending = most_pending
        self._pending = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Read a body, which counts as pending until the caller is done with it.

        Raises
        ------
        Unreadable
            413: it is too large. 415 and 400: it is encoded in another way than it may be, or says.
        Problem
            503: too much is pending. Senders try again after that; after a 429 many do not.
        """
        # One piece of memory: a body may come byte by byte, and each as an object of its own would cost forty.
        body = bytearray()
        try:
            await self._read_in_time(request, body)
            yield bytes(body)
        finally:
            self._pending -= len(body)

    async def _read_in_time(self, request: Request, body: bytearray) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await self._read(request, body)
        except TimeoutError:
            raise Problem(408, f"the body did not arrive within {_SECONDS:.0f} seconds") from None
        except ClientDisconnect:
            raise Problem(400, "the body ended too early") from None

    async def _read(self, request: Request, body: bytearray) -> None:
        gzip = _gzip_of(request)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._most_bytes:
            raise self._too_large()
        received = 0
        async for data in request.stream():
            received += len(data)
            if received > self._most_bytes:
                raise self._too_large()
            self._keep((data,) if gzip is None else gzip.feed(data), body)
        if gzip is not None:
            gzip.finish()

    def _keep(self, pieces: Iterable[bytes], body: bytearray) -> None:
        for piece in pieces:
            body += piece
            self._pending += len(piece)
            if len(body) > self._most_bytes:
                raise self._too_large()
            if self._pending > self._most_pending:
                raise Problem(503, "too much waits for the broker; try again", headers={"retry-after": "1"})

    def _too_large(self) -> Unreadable:
        return Unreadable(f"must have at most {self._most_bytes} bytes", status=413)


def _gzip_of(request: Request) -> GzipStream | None:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise Unreadable("must be gzip or identity", status=415, field="content-encoding")
    return None if encoding == "identity" else GzipStream()
