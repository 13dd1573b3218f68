"""TLS in front of servers whose wheels were built without it, with certificates of the tests' own authority."""

import asyncio
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

_SSL_REQUEST = struct.pack(">ii", 8, 80_877_103)
"""How a client of PostgreSQL asks for TLS, before it begins with it."""


@dataclass(frozen=True)
class Authority:
    """Who vouches for a server at 127.0.0.1; and somebody else, who does not."""

    ca_file: Path
    other_ca_file: Path
    key: str
    chain: str
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    ca, other = trustme.CA(), trustme.CA()
    certificate = ca.issue_cert("127.0.0.1", "localhost")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    other.cert_pem.write_to_path(folder / "other.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    chain = "".join(blob.bytes().decode() for blob in certificate.cert_chain_pems)
    return Authority(folder / "ca.pem", folder / "other.pem", _pkcs8(certificate.private_key_pem), chain, context)


def _pkcs8(key: trustme.Blob) -> str:
    """Return the key in the one format that Java reads."""
    loaded = load_pem_private_key(key.bytes(), password=None)
    return loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@contextmanager
def tls_before(port: int, context: ssl.SSLContext, *, postgres: bool = False) -> Iterator[int]:
    """Let clients speak TLS with a server that does not; yield the port for them."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if postgres:
                assert await reader.readexactly(len(_SSL_REQUEST)) == _SSL_REQUEST
                writer.write(b"S")
            await writer.start_tls(context)
            server = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_copy(reader, server[1]), _copy(server[0], writer))

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(on_connection, "127.0.0.1", 0)

    async def close(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.close()
