"""Connections to receivers: made to addresses that were judged, and kept for a while."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from aiohappyeyeballs import AddrInfoType, start_connection

from alerting.sender.addresses import Network, checked_socket
from alerting.sender.http_connection import HttpConnection
from alerting.sender.http_request import Origin

Resolve = Callable[[str, int], Awaitable[Sequence[AddrInfoType]]]
"""From a host and a port to what `socket.getaddrinfo` returns."""

# Shorter than that of most servers, so that a connection is not used at the moment when its server closes it.
IDLE_SECONDS: Final = 4.0
# Of the two kinds of addresses that a host may have, one that does not answer delays the other by so much.
_NEXT_ADDRESS_SECONDS: Final = 0.25


async def resolve(host: str, port: int) -> Sequence[AddrInfoType]:
    """Ask the machine for a host's addresses, in a thread of the event loop's executor.

    uvloop's own way has room for two names at a time in the whole process: two that are slow would hold up all others.
    """
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        # An address needs no asking.
        return ask(flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return await asyncio.get_running_loop().run_in_executor(None, partial(ask, flags=socket.AI_ADDRCONFIG))


class Connector:
    """Makes connections, and keeps those that are idle. To be used from one event loop."""

    def __init__(self, allowed: Sequence[Network], resolve: Resolve) -> None:
        self._resolve = resolve
        self._socket = checked_socket(allowed)
        self._tls = ssl.create_default_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        # Those of an origin in the order in which they became idle, with the time.
        self._idle: dict[Origin, deque[tuple[float, HttpConnection]]] = {}
        self._sweep_timer: asyncio.TimerHandle | None = None

    def idle(self, origin: Origin) -> HttpConnection | None:
        """Return a connection that is there already, if there is one: the one that was used last."""
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        kept = self._idle.get(origin)
        while kept:
            since, connection = kept.pop()
            if connection.usable and since > oldest:
                return connection
            connection.abort()
        return None

    async def connect(self, origin: Origin) -> HttpConnection:
        """Make a connection. Each asks for the host's addresses anew, and goes to the one that was judged.

        Raises
        ------
        RefusedAddress
            There is no address that is allowed.
        OSError
            There is no connection, or no TLS.
        """
        addresses = await self._resolve(origin.host, origin.port)
        connected = await start_connection(
            addresses, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS, socket_factory=self._socket
        )
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                HttpConnection,
                sock=connected,
                ssl=self._tls if origin.tls else None,
                server_hostname=origin.host.rstrip(".") if origin.tls else None,
            )
        except BaseException:
            connected.close()
            raise
        return connection

    def give_back(self, origin: Origin, connection: HttpConnection) -> None:
        """Keep a connection, if it is of use."""
        if not connection.usable:
            return
        loop = asyncio.get_running_loop()
        self._idle.setdefault(origin, deque()).append((loop.time(), connection))
        if self._sweep_timer is None:
            self._sweep_timer = loop.call_later(IDLE_SECONDS, self._sweep)

    def close(self) -> None:
        """Close the idle ones."""
        if self._sweep_timer is not None:
            self._sweep_timer.cancel()
        for kept in self._idle.values():
            for _, connection in kept:
                connection.abort()
        self._idle.clear()

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        oldest = loop.time() - IDLE_SECONDS
        for origin in list(self._idle):
            kept = self._idle[origin]
            while kept and (kept[0][0] <= oldest or not kept[0][1].usable):
                kept.popleft()[1].abort()
            if not kept:
                del self._idle[origin]
        self._sweep_timer = loop.call_later(IDLE_SECONDS / 4, self._sweep) if self._idle else None
