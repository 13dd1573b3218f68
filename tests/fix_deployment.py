"""A platform with all its services as processes, an operator's shell beside it, and a receiver that may be away."""

import os
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from redis import Redis

from fix_delivery import Tenants
from fix_http import bearer, make_key
from fix_process import ServiceProcess, eventually, running
from fix_servers import Platform

START_SECONDS = 90.0
"""For seven processes at once."""


@dataclass(frozen=True)
class Deployment:
    """A platform with its services, and a key to it."""

    platform: Platform
    services: Mapping[str, ServiceProcess]
    env: Mapping[str, str]
    """What an operator's shell has, beside the platform's settings."""

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.services[service].port}"

    def post(self, service: str, path: str, body: object) -> Any:
        headers = bearer(self.env["ALERTING_API_KEY"])
        answer = httpx.post(f"{self.url(service)}/api/v1{path}", json=body, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return Tenants(self.platform.dsn).execute(query, *parameters)

    def status(self, client: str) -> list[tuple[Any, ...]]:
        return self.rows("SELECT status FROM notifications WHERE client_id = %s", client)

    def rule(self, client: str, *endpoints: Mapping[str, object]) -> None:
        """Make a client with a rule for what comes from a source of its name, and wait until evaluators know it."""
        self.post("rule-service", "/clients", {"id": client, "name": client})
        rule = {"severity": "*", "source": client, "name": "*", "endpoints": endpoints}
        self.post("rule-service", f"/clients/{client}/rules", rule)
        wanted = self.rows("SELECT version FROM rules_version")[0][0]
        evaluator = self.services["evaluator"]
        eventually(lambda: evaluator.figure("alerting_rules_version") >= wanted, f"version {wanted} of the rules")

    def alert(self, client: str) -> None:
        self.post("ingest", "/alerts", {"severity": "HIGH", "source": client, "name": "Down"})


def make_platform(
    kafka: str, postgres: str, valkey: str, name: str, number: int, template: str = "migrated"
) -> Platform:
    """Return names for topics, a new database and a numbered Redis, all empty."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(template)))
    redis_url = f"{valkey.rpartition('/')[0]}/{number}"
    with Redis.from_url(redis_url) as client:
        client.flushdb()
    return Platform(
        {
            "ALERTING_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "ALERTING_KAFKA_PREFIX": f"{name}-{secrets.token_hex(6)}.",
            "ALERTING_KAFKA_SESSION_TIMEOUT": "6",
            "ALERTING_POSTGRES_DSN": make_conninfo(postgres, dbname=name),
            "ALERTING_REDIS_URL": redis_url,
            "ALERTING_TOPIC_PARTITIONS": "1",
            "ALERTING_LOG_LEVEL": "error",
        }
    )


def shell_env(platform: Platform, **more: str) -> dict[str, str]:
    """Return what a shell has where the platform's settings are."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**platform.env, "PATH": path, "COLUMNS": "300", **more}


@contextmanager
def deployed(platform: Platform) -> Iterator[Deployment]:
    """Run every service that alerts and rules need, and metrics; what fails, fails soon, and profile `page` late."""
    of_sender = {
        "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "ALERTING_RETRY_DELAYS": "[0.1]",
        "ALERTING_PAGE_DELAYS": "[600]",
    }
    with ExitStack() as stack:
        names = ("ingest", "metrics", "rule-updater", "evaluator", "aggregator")
        services = {name: stack.enter_context(running(name, platform.env)) for name in names}
        services["sender"] = stack.enter_context(running("sender", platform.env, **of_sender))
        urls = {f"ALERTING_{name.upper()}_URL": f"http://127.0.0.1:{services[name].port}" for name in names[:2]}
        services["rule-service"] = stack.enter_context(running("rule-service", platform.env, **urls))
        for name, process in services.items():
            eventually(partial(_is_ready, process), f"{name} is ready", START_SECONDS)
        url = f"http://127.0.0.1:{services['rule-service'].port}"
        env = shell_env(platform, ALERTING_URL=url, ALERTING_API_KEY=make_key(platform.dsn, "admin"))
        yield Deployment(platform, services, env)


def _is_ready(process: ServiceProcess) -> bool:
    return process.readiness() == 200


@contextmanager
def receiving(port: int) -> Iterator[None]:
    """Be a receiver that takes everything."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", port), Taker) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def webhook(port: int, **more: object) -> dict[str, object]:
    return {"type": "webhook", "value": f"http://127.0.0.1:{port}/hook", **more}
