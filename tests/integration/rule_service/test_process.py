"""The service as a process: started before what it depends on, used from the command line, and stopped."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fix_rule_service import NOWHERE, add_key
from fix_servers import Platform

BOUND = 40.0


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def alerting(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alerting", *arguments],
        env={**os.environ, "COLUMNS": "120", **env}, capture_output=True, text=True, timeout=BOUND, check=False,
    )  # fmt: skip


@contextmanager
def rule_service(env: dict[str, str], log: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes]]]:
    """Run the service on a free port, and stop it in the end: it exits 0."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "alerting", "rule-service"],
            env={**os.environ, **env, "ALERTING_PORT": "0", "ALERTING_LOG_FORMAT": "json"},
            stderr=output,
        )
    try:
        until(lambda: process.poll() is not None or '"listening"' in log.read_text(), "the service listens")
        (port,) = re.findall(r'"port": (\d+)', log.read_text())
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
            yield http, process
        process.send_signal(signal.SIGTERM)
        assert process.wait(BOUND) == 0, log.read_text()
    finally:
        process.kill()
        process.wait(BOUND)


def forward(listener: socket.socket, address: tuple[str, int]) -> threading.Thread:
    """Let what connects here talk to a server there, until the listener is shut down."""

    def talk(inner: socket.socket) -> None:
        with inner, socket.create_connection(address) as outer:
            ends = {inner: outer, outer: inner}
            while True:
                for source in select.select(list(ends), [], [])[0]:
                    data = source.recv(65_536)
                    if not data:
                        return
                    ends[source].sendall(data)

    def accept() -> None:
        talks = []
        while True:
            try:
                inner, _ = listener.accept()
            except OSError:
                break
            talks.append(threading.Thread(target=talk, args=(inner,)))
            talks[-1].start()
        for each in talks:
            each.join()

    accepting = threading.Thread(target=accept)
    accepting.start()
    return accepting


async def test_it_starts_before_its_database_and_answers_503_meanwhile(database: str, tmp_path: Path) -> None:
    key = await add_key(database, "admin")
    real = conninfo_to_dict(database)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))  # and does not listen yet: connections are refused
    dsn = make_conninfo(database, host="127.0.0.1", port=listener.getsockname()[1])
    env = {"ALERTING_POSTGRES_DSN": dsn, "ALERTING_KAFKA_BOOTSTRAP_SERVERS": NOWHERE,
           "ALERTING_REDIS_URL": f"redis://{NOWHERE}/0", "ALERTING_RELAY_TIMEOUT": "1"}  # fmt: skip
    headers = {"authorization": f"Bearer {key}"}
    with rule_service(env, tmp_path / "log") as (http, process):
        assert http.get("/healthz").status_code == 200
        ready = http.get("/readyz")
        assert (ready.status_code, set(ready.json()["checks"].values())) == (503, {"unavailable"})
        answer = http.get("/api/v1/clients", headers=headers)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        assert process.poll() is None
        assert '"dependency": "postgres"' in (tmp_path / "log").read_text()

        listener.listen()
        forwarding = forward(listener, (str(real["host"]), int(str(real["port"]))))
        until(lambda: http.get("/readyz").json()["checks"]["postgres"] == "ok", "the database is found")
        assert http.get("/api/v1/clients", headers=headers).json() == {"items": [], "next_cursor": None}
        # Rules can be changed while the broker is away.
        assert http.post("/api/v1/clients", headers=headers, json={"id": "acme", "name": "Acme"}).status_code == 201
        rule = {"severity": "HIGH", "source": "a", "name": "b"}
        assert http.post("/api/v1/clients/acme/rules", headers=headers, json=rule).status_code == 201
        until(lambda: '"dependency": "kafka"' in (tmp_path / "log").read_text(), "it says that it waits for Kafka")
    listener.shutdown(socket.SHUT_RDWR)
    forwarding.join(BOUND)
    listener.close()
    assert key not in (tmp_path / "log").read_text()


@pytest.fixture
def env(platform: Platform) -> dict[str, str]:
    return dict(platform.env)


def test_the_whole_story_from_the_command_line(env: dict[str, str], tmp_path: Path) -> None:
    made = alerting(env, "keys", "create", "--scope", "admin", "--name", "first")
    assert made.returncode == 0, made.stderr
    key = made.stdout.removesuffix("\n")
    assert re.fullmatch(r"ak_[0-9a-f]{12}_[\w-]{43}", key), "the key, and nothing else"
    assert key not in made.stderr
    with rule_service(env, tmp_path / "log") as (http, _):
        headers = {"authorization": f"Bearer {key}"}
        until(lambda: http.get("/readyz").status_code == 200, "ready")
        assert http.post("/api/v1/clients", headers=headers, json={"id": "acme", "name": "Acme"}).status_code == 201
        rule = {"severity": "HIGH", "source": "payments", "name": "*", "id": "[red]r1"}
        assert http.post("/api/v1/clients/acme/rules", headers=headers, json=rule).status_code == 422
        rule["id"] = "r1"
        assert http.post("/api/v1/clients/acme/rules", headers=headers, json=rule).status_code == 201

        asking = {**env, "ALERTING_URL": str(http.base_url), "ALERTING_API_KEY": key}
        found = alerting(asking, "rules", "match", "HIGH", "payments", "timeout")
        assert found.returncode == 0, found.stderr
        assert "1 matching, in version 1" in found.stdout
        assert re.search(r"acme.+r1.+severity HIGH, source payments, any name", found.stdout), found.stdout
        told = alerting(asking, "rules", "match", "HIGH", "payments", "timeout", "--json", "--client", "acme")
        assert json.loads(told.stdout)["matches"][0]["wildcard"] == ["name"]
        none = alerting(asking, "rules", "match", "HIGH", "payments", "timeout", "--client", "other", "--json")
        assert json.loads(none.stdout)["matches"] == []

        wrong = alerting(asking, "rules", "match", "SEVERE", "payments", "timeout")
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert "422" in wrong.stderr
        assert "severity" in wrong.stderr
        keyless = alerting({**asking, "ALERTING_API_KEY": ""}, "rules", "match", "HIGH", "payments", "timeout")
        assert keyless.returncode == 1
        assert "ALERTING_API_KEY" in keyless.stderr
        nobody = alerting({**asking, "ALERTING_URL": f"http://{NOWHERE}"}, "rules", "match", "HIGH", "a", "b")
        assert nobody.returncode == 1
        assert NOWHERE in nobody.stderr

        published = 'alerting_messages_produced_total{topic="rule.changed"} 1.0'
        until(lambda: published in http.get("/metrics").text, "the change is on the topic")
    log = (tmp_path / "log").read_text()
    assert key not in log


def test_keys_are_made_listed_and_revoked(env: dict[str, str]) -> None:
    first = alerting(env, "keys", "create", "--scope", "admin", "--name", "first", "--expires-in", "90d")
    assert first.returncode == 0, first.stderr
    assert "until 20" in first.stderr
    alerting(env, "keys", "create", "--scope", "ingest", "--name", "[bold]second")
    listed = [json.loads(line) for line in alerting(env, "keys", "list", "--json").stdout.splitlines()]
    assert [(key["name"], key["scope"]) for key in listed] == [("first", "admin"), ("[bold]second", "ingest")]
    assert listed[0]["expires_at"] is not None
    assert not {"key", "key_hash"} & set(listed[0])
    revoked = alerting(env, "keys", "revoke", listed[1]["id"])
    assert (revoked.returncode, revoked.stdout) == (0, "")
    table = alerting(env, "keys", "list").stdout
    assert re.search(r"first.+admin.+valid", table), table
    assert re.search(r"\[bold\]second.+ingest.+revoked", table), table
    assert alerting(env, "keys", "revoke", "nothing").returncode == 1
    for arguments in (
        ("--scope", "root", "--name", "x"),
        ("--scope", "client:", "--name", "x"),
        ("--scope", "client:nobody", "--name", "x"),
        ("--scope", "admin", "--name", ""),
        ("--scope", "admin", "--name", "x", "--expires-in", "soon"),
        ("--scope", "admin", "--name", "x", "--expires-in", "0d"),
    ):
        refused = alerting(env, "keys", "create", *arguments)
        assert refused.returncode != 0, arguments
        assert refused.stdout == ""
        assert "Traceback" not in refused.stderr
    down = alerting({**env, "ALERTING_POSTGRES_DSN": f"postgresql://nobody@{NOWHERE}/x"}, "keys", "list")
    assert down.returncode == 1
    assert down.stderr.startswith("postgres: ")


def test_a_wrong_setting_stops_it_with_its_name(env: dict[str, str]) -> None:
    for name in ("ALERTING_ALLOW_CATCH_ALL_RULES", "ALLOW_CATCH_ALL_RULES", "ALERTING_RELAY_INTERVAL"):
        stopped = alerting({**env, name: "often"}, "rule-service")
        assert stopped.returncode == 2
        assert "ALERTING_" + name.removeprefix("ALERTING_") in stopped.stderr
