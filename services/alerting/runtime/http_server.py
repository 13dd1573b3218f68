"""Runs an ASGI application until it is told to stop."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from starlette.types import ASGIApp

from alerting.runtime.config import Settings
from alerting.runtime.event_loop import new_event_loop
from alerting.runtime.request_head import BoundedHeadProtocol

_log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """A server that leaves the signals to the lifecycle."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(settings: Settings) -> socket.socket:
    """Bind the service's port, so that it is known and taken before anything else starts."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SystemExit(f"ALERTING_HOST, ALERTING_PORT: {settings.host}:{settings.port}: {error.strerror}") from None
    listener.listen(1_024)
    return listener


def _server(app: ASGIApp, settings: Settings) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            http=BoundedHeadProtocol,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=int(settings.drain_timeout),
            server_header=False,
        )
    )


async def _run(server: _Server, listener: socket.socket) -> None:
    # When the application cannot start, uvicorn would end the process: that is for our caller to do.
    with suppress(SystemExit):
        await server.serve(sockets=[listener])


async def _serve(server: _Server, listener: socket.socket, stop: threading.Event) -> None:
    serving = asyncio.create_task(_run(server, listener))
    host, port = listener.getsockname()[:2]
    _log.info("listening", host=host, port=port)
    while not stop.is_set() and not serving.done():
        await asyncio.sleep(0.1)
    server.should_exit = True
    await serving


def serve(app: ASGIApp, settings: Settings, stop: threading.Event) -> None:
    """Serve until `stop` is set, then finish the requests in flight."""
    server = _server(app, settings)
    with bind(settings) as listener, asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(server, listener, stop))
    if not server.started:
        raise SystemExit("the service could not start: see the error above")


@contextmanager
def serving_in_thread(app: ASGIApp, settings: Settings) -> Iterator[int]:
    """Serve from a thread of its own; yield the port."""
    listener = bind(settings)
    port: int = listener.getsockname()[1]
    stop = threading.Event()
    server = _server(app, settings)
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, listener, stop)), name="http", daemon=True)
    thread.start()
    try:
        yield port
    finally:
        stop.set()
        thread.join(settings.drain_timeout)
