"""Finds TCP ports on loopback, and keeps them from one start to the next."""

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"

# Below what kernels give to outgoing connections, so that none takes the port before the server does.
FIRST, LAST = 15_000, 31_999


def is_free(port: int) -> bool:
    """Return whether nobody listens on the port."""
    with socket.socket() as probe:
        # Without it, connections that ended a minute ago would still count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port on which nobody listens."""
    for port in random.sample(range(FIRST, LAST + 1), k=1_000):
        if is_free(port):
            return port
    raise OSError(f"no free port among 1000 from {FIRST} to {LAST}")


def kept_port(file: Path) -> int:
    """Return the port in the file; choose one and write it down when there is none or it is taken by now."""
    if file.exists():
        port = int(file.read_text())
        if is_free(port):
            return port
    port = free_port()
    file.write_text(f"{port}\n")
    return port
