"""The HTTP server around an application."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alerting.local.ports import free_port
from alerting.runtime.config import Settings
from alerting.runtime.http_server import bind, serve, serving_in_thread

BOUND = 20.0


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


async def slow(_request: Request) -> Response:
    await asyncio.sleep(0.5)
    return PlainTextResponse("slow")


async def stuck(_request: Request) -> Response:
    await asyncio.sleep(BOUND * 10)
    return PlainTextResponse("never")


APP = Starlette(routes=[Route("/", hello), Route("/slow", slow), Route("/stuck", stuck)])


def settings(port: int = 0, drain: float = 5) -> Settings:
    return Settings(port=port, drain_timeout=drain)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
    except httpx.TransportError:
        return False


def test_a_free_port_is_taken_and_told() -> None:
    with serving_in_thread(APP, settings()) as port:
        wait_until(lambda: answers(port))
    assert not answers(port)


def test_a_taken_port_is_told_by_the_settings_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as stopped:
        bind(settings(taken.getsockname()[1]))
    assert str(stopped.value.code).startswith("ALERTING_HOST, ALERTING_PORT: 127.0.0.1:")


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(SystemExit, match="ALERTING_HOST"):
        bind(Settings(host="203.0.113.1", port=0))


def test_version_6_of_the_protocol() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with bind(Settings(host="::1", port=0)) as listener:
        assert listener.family == socket.AF_INET6


class Serving:
    """A server in a thread, as a process would run it."""

    def __init__(self, drain: float) -> None:
        self.port = free_port()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=serve, args=(APP, settings(self.port, drain), self.stop))
        self._thread.start()
        wait_until(lambda: answers(self.port))

    def end(self) -> None:
        self.stop.set()
        self._thread.join(BOUND)
        assert not self._thread.is_alive()


def asking(port: int, path: str) -> tuple[threading.Thread, list[object]]:
    """Ask in a thread, and let it note the answer."""
    noted: list[object] = []

    def ask() -> None:
        try:
            noted.append(httpx.get(f"http://127.0.0.1:{port}{path}", timeout=BOUND).text)
        except httpx.TransportError as error:
            noted.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, noted


def test_requests_in_flight_are_finished() -> None:
    serving = Serving(drain=5)
    thread, noted = asking(serving.port, "/slow")
    time.sleep(0.2)
    serving.end()
    thread.join(BOUND)
    assert noted == ["slow"]
    assert not answers(serving.port)


def test_but_not_for_ever() -> None:
    serving = Serving(drain=1)
    thread, noted = asking(serving.port, "/stuck")
    time.sleep(0.2)
    serving.end()
    thread.join(BOUND)
    assert noted != ["never"]


def test_an_application_that_cannot_start_ends_the_process() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(SystemExit, match="could not start"):
        serve(broken, settings(), threading.Event())
