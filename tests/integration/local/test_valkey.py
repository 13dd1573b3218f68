"""Valkey from the wheel: persistent, on loopback only, and it never forgets to make room."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from alerting.local.server import ServerError, wait_until
from alerting.local.valkey import ValkeyServer
from integration.local.processes import gone, only_on_loopback


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with ValkeyServer(tmp_path_factory.mktemp("data")) as server:
        yield server


def test_serves(server: ValkeyServer) -> None:
    with Redis.from_url(server.url) as client:
        client.set("a", "1")
        assert client.get("a") == b"1"


@pytest.mark.parametrize(
    ("setting", "value"), [("appendonly", "yes"), ("maxmemory-policy", "noeviction"), ("protected-mode", "yes")]
)
def test_is_set_up_to_keep(server: ValkeyServer, setting: str, value: str) -> None:
    with Redis.from_url(server.url, decode_responses=True) as client:
        assert client.config_get(setting) == {setting: value}


def test_listens_on_loopback_only(server: ValkeyServer) -> None:
    assert only_on_loopback(server.port)


def test_refuses_a_port_that_is_taken(server: ValkeyServer, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=f"valkey cannot listen on port {server.port}: it is taken"):
        ValkeyServer(tmp_path, port=server.port).start()


def test_keeps_data_and_port_over_stop_and_kill(tmp_path: Path, server: ValkeyServer) -> None:
    with ValkeyServer(tmp_path) as first:
        assert first.port != server.port  # two at once
        with Redis.from_url(first.url) as client:
            client.set("kept", "by stop")
        url, pid = first.url, first.pid
    assert gone(pid)

    with ValkeyServer(tmp_path) as second:
        assert second.url == url
        with Redis.from_url(url) as client:
            assert client.get("kept") == b"by stop"
            client.set("kept", "by kill")
            written = second.dir / "appendonlydir"
            assert wait_until(lambda: any(b"by kill" in file.read_bytes() for file in written.iterdir()), 5)
        os.kill(second.pid, signal.SIGKILL)
        second.wait(10)
        second.start()
        with Redis.from_url(url) as client:
            assert client.get("kept") == b"by kill"
    assert gone(second.pid)
    assert "Ready to accept connections" in second.log.read_text()
