"""A webhook that costs next to nothing, so that what is measured is the platform.

A process of its own, it notes when each alert arrived and answers 200 at once. ``GET /`` returns the arrivals as JSON,
alert id to seconds of the monotonic clock, which is one clock for all processes of a machine, and forgets them.
"""

import asyncio
import re
import sys
import time
from typing import cast

import httptools
import orjson
import uvloop

_ALERT_ID = re.compile(rb'"alert_id":\s*"([^"]*)"')
_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

_arrived: dict[str, list[float]] = {}


class _Webhook(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        assert self._transport is not None
        if self._parser.get_method() == b"GET":
            body = orjson.dumps(_arrived)
            _arrived.clear()
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            self._transport.write(head.encode() + body)
            return
        found = _ALERT_ID.search(self._body)
        if found:
            _arrived.setdefault(found[1].decode(), []).append(time.monotonic())
        self._body.clear()
        self._transport.write(_OK)


async def serve() -> None:
    """Serve until the process is stopped; print the port first."""
    server = await asyncio.get_running_loop().create_server(_Webhook, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
