"""A TCP proxy that stands between the services and a server, and fails as networks do."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from alerting.local.ports import LOOPBACK

_CHUNK: Final = 65_536
_CONNECT_SECONDS: Final = 2.0
# Close with a reset, and not with a goodbye.
_LINGER: Final = struct.pack("ii", 1, 0)


class Proxy:
    """Forwards connections to a port. For one event loop."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._connections: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()
        self._open.set()

    def reset(self) -> int:
        """Reset every connection, and return how many there were."""
        number = len(self._connections)
        for writer in self._writers:
            with suppress(OSError):
                connection: socket.socket = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        for task in self._connections:
            task.cancel()
        return number

    def pause(self) -> None:
        """Let nothing through, and lose nothing: as a network that is cut, to those who wait."""
        self._open.clear()

    def resume(self) -> None:
        """Let everything through again."""
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection until one side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self._writers.add(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            await self._open.wait()
            async with asyncio.timeout(_CONNECT_SECONDS):
                answers, upstream = await asyncio.open_connection(LOOPBACK, self._target)
            self._writers.add(upstream)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._copy(reader, upstream))
                both.create_task(self._copy(answers, writer))
        except (OSError, TimeoutError, asyncio.CancelledError, ExceptionGroup):
            # What becomes of a connection is for its two ends to notice.
            pass
        finally:
            self._connections.discard(task)
            for each in (writer, upstream):
                if each is not None:
                    self._writers.discard(each)
                    each.transport.abort()

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(_CHUNK):
            await self._open.wait()
            sink.write(chunk)
            await sink.drain()
        raise ConnectionResetError


@asynccontextmanager
async def running_proxy(port: int, target: int) -> AsyncIterator[Proxy]:
    """Listen on a port of loopback, and forward to another."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.serve, LOOPBACK, port)
    try:
        yield proxy
    finally:
        server.close()
        proxy.reset()
        await asyncio.sleep(0)
