"""The health check of containers: what it asks, what it says, and that it is done soon."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from alerting.cli import health

READY = b'HTTP/1.1 200 OK\r\n\r\n{"status":"ready","checks":{"kafka":"ok"}}'
NOT_READY = b'HTTP/1.1 503 Nope\r\n\r\n{"status":"not ready","checks":{"kafka":"unavailable","postgres":"ok"}}'


@contextmanager
def service(answer: bytes, *, hang_up: bool = True, host: str = "127.0.0.1") -> Iterator[tuple[int, list[bytes]]]:
    """Answer one request; yield the port, and what is asked."""
    asked: list[bytes] = []
    done = threading.Event()
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(4_096))
                connection.sendall(answer)
                if not hang_up:
                    done.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], asked
        finally:
            done.set()
            thread.join()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALERTING_HOST", "ALERTING_PORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("host", [None, "", "0.0.0.0", "127.0.0.1"])
def test_a_service_that_lives(host: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(READY) as (port, asked):
        monkeypatch.setenv("ALERTING_PORT", str(port))
        if host is not None:
            monkeypatch.setenv("ALERTING_HOST", host)
        assert health.probe("/healthz") == 0
    assert asked[0].startswith(b"GET /healthz HTTP/1.1\r\n")


@pytest.mark.parametrize("host", ["::", "::1"])
def test_a_service_that_listens_on_ipv6(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(READY, host="::1") as (port, _):
        monkeypatch.setenv("ALERTING_PORT", str(port))
        monkeypatch.setenv("ALERTING_HOST", host)
        assert health.probe("/healthz") == 0


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on standard error, which is one line."""
    line = capsys.readouterr().err
    assert line.startswith("unhealthy: ")
    assert line.count("\n") == 1
    return line


def test_one_that_is_not_ready_says_what_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(NOT_READY) as (port, _):
        monkeypatch.setenv("ALERTING_PORT", str(port))
        assert health.probe("/readyz") == 1
    assert said(capsys) == "unhealthy: /readyz answered 503: kafka\n"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"", "does not speak HTTP"),
        (b"SSH-2.0-OpenSSH\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 500 Oh\r\n\r\noops", "answered 500"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n[]", "answered 404"),
    ],
)
def test_anything_else_is_no(
    answer: bytes, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(answer) as (port, _):
        monkeypatch.setenv("ALERTING_PORT", str(port))
        assert health.probe("/healthz") == 1
    assert what in said(capsys)


def test_an_answer_without_an_end_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.1)
    with service(b"HTTP/1.1 200 OK\r\n", hang_up=False) as (port, _):
        monkeypatch.setenv("ALERTING_PORT", str(port))
        assert health.probe("/healthz") == 1
    assert "within 0.1 s" in said(capsys)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("ALERTING_PORT", str(port))
    assert health.probe("/healthz") == 1
    assert "Connection refused" in said(capsys)


@pytest.mark.parametrize("port", ["", "0", "http", "70000"])
def test_a_port_that_is_none(port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ALERTING_PORT", port)
    assert health.probe("/healthz") == 1
    assert "ALERTING_PORT" in said(capsys)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-X", "importtime", "-m", "alerting", "health", *arguments]
    return subprocess.run(command, env={"ALERTING_PORT": "1"}, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("arguments", [(), ("--ready",)])
def test_the_command_imports_no_library_and_no_service(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "alerting.cli.health" in imported
    assert not imported & {"typer", "pydantic", "confluent_kafka", "psycopg", "http.client", "asyncio", "ssl"}


def test_its_help_is_the_command_lines() -> None:
    done = run("--help")
    assert (done.returncode, "--ready" in done.stdout) == (0, True)
