"""What these tests ask the operating system."""

import socket
from pathlib import Path


def gone(pid: int) -> bool:
    """Whether the process has ended; who adopted it may not have noticed yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except ConnectionRefusedError:
        return False
    return True


def only_on_loopback(port: int) -> bool:
    """Whether nobody else can connect: who listens on every address listens on 127.0.0.2, too."""
    return accepts("127.0.0.1", port) and not accepts("127.0.0.2", port)
