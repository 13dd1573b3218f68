"""``alerting health``: asks the service beside it whether it lives. It imports little: see `alerting.cli.entry`."""

import os
import socket
import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typer

SECONDS: Final = 3.0
_MOST_BYTES: Final = 65_536
_LOOPBACK: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (listened on by the service)


class _NoAnswerError(Exception):
    """The text says why."""


def add_to(app: "typer.Typer") -> None:
    """Add the command to the command line, which describes it; `alerting.cli.entry` is who runs it."""
    import typer  # a probe does without, and is quick for it  # noqa: PLC0415

    def health(ready: bool = typer.Option(False, "--ready", help="Also whether it reaches what it needs.")) -> None:
        """Exit 0 when the service at ALERTING_HOST and ALERTING_PORT lives, or 1."""
        raise SystemExit(probe("/readyz" if ready else "/healthz"))

    app.command("health", rich_help_panel="Deployment")(health)


def probe(path: str) -> int:
    """Ask, for three seconds at most; say on standard error why the answer is no."""
    try:
        status, body = _ask(*_address(), path)
    except _NoAnswerError as error:
        return _no(str(error))
    return 0 if status == 200 else _no(f"{path} answered {status}{_named(body)}")


def _no(why: str) -> int:
    sys.stderr.write(f"unhealthy: {why}\n")
    return 1


def _address() -> tuple[str, int]:
    host, port = os.environ.get("ALERTING_HOST", ""), os.environ.get("ALERTING_PORT", "")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise _NoAnswerError("ALERTING_PORT does not say where the service listens")
    return _LOOPBACK.get(host, host), int(port)


def _ask(host: str, port: int, path: str) -> tuple[int, bytes]:
    """Return the status and the body. The deadline is for all of it: an answer may come byte by byte."""
    deadline = time.monotonic() + SECONDS
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = _read(connection, deadline)
    except TimeoutError:
        raise _NoAnswerError(f"no answer from {host}:{port} within {SECONDS:g} s") from None
    except OSError as error:
        raise _NoAnswerError(f"{host}:{port}: {error.strerror or error}") from None
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise _NoAnswerError(f"{host}:{port} does not speak HTTP")
    return int(words[1]), body


def _read(connection: socket.socket, deadline: float) -> bytes:
    answer = b""
    while len(answer) < _MOST_BYTES:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(4_096)
        if not part:
            break
        answer += part
    return answer


def _named(body: bytes) -> str:
    """Return the dependencies that /readyz names as unavailable, to be put behind its status."""
    from alerting.runtime.ready_answer import unavailable  # only where something is wrong  # noqa: PLC0415

    names = unavailable(body)
    return f": {', '.join(names)}" if names else ""
