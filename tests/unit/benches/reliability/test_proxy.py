import asyncio

import pytest

from alerting.local.ports import free_port
from benches.reliability.proxy import running_proxy


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(1_000):
        writer.write(chunk)
    writer.close()


async def test_it_forwards_stalls_and_resets() -> None:
    port = free_port()
    async with (
        await asyncio.start_server(echo, "127.0.0.1", 0) as server,
        running_proxy(port, server.sockets[0].getsockname()[1]) as proxy,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"
        proxy.pause()
        writer.write(b"two")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.readexactly(3)
        proxy.resume()
        assert await reader.readexactly(3) == b"two"
        assert proxy.reset() == 1
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
        # And the next connection is as good as new.
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"three")
        assert await reader.readexactly(5) == b"three"
        writer.close()


async def test_nobody_behind_it_is_a_connection_that_ends() -> None:
    port = free_port()
    async with running_proxy(port, free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
