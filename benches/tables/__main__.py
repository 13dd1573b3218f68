"""``make bench-tables``: a million rules and notifications, and how long each click takes on the server.

A PostgreSQL with its own settings but for what makes filling fast, rule-service in a process, and one caller.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from alerting.local.ports import LOOPBACK, free_port
from alerting.local.postgres import PostgresServer
from alerting.local.server import wait_until
from alerting.runtime.auth import new_key
from alerting.runtime.config import Settings
from alerting.runtime.migrate import migrate
from benches.tables.filling import make_catalog
from benches.tables.part import Part, Sizes
from benches.tables.timing import Timed, time_interaction

GOAL: Final = 300.0
"""Milliseconds."""

_PARTS: Final = ("rules", "notifications")
_KEY: Final = "INSERT INTO api_keys (id, name, prefix, key_hash, scope) VALUES ('bench', 'bench', %s, %s, 'admin')"
_START_SECONDS: Final = 30.0
_ASK_SECONDS: Final = 120.0


@contextmanager
def _service(dsn: str, folder: Path) -> Iterator[str]:
    """Run rule-service; yield its URL."""
    port = free_port()
    env = {**os.environ, "ALERTING_POSTGRES_DSN": dsn, "ALERTING_PORT": str(port), "ALERTING_LOG_FORMAT": "console"}
    with (folder / "rule-service.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "benches.tables.service"], env=env, stderr=log)
        try:
            url = f"http://{LOOPBACK}:{port}"
            wait_until(lambda: _answers(url), _START_SECONDS)
            yield url
        finally:
            process.terminate()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False


def measure(parts: Sequence[Part], sizes: Sizes, *, repeats: int) -> list[Timed]:
    """Fill the tables and time each part's interactions."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)  # the database runs as a user of its own
        server = stack.enter_context(PostgresServer(folder, settings={"fsync": "off", "max_wal_size": "4GB"}))
        migrate(Settings.model_validate({"postgres_dsn": server.dsn}))
        connection = stack.enter_context(psycopg.connect(server.dsn, autocommit=True))
        make_catalog(connection)
        for part in parts:
            part.fill(connection, sizes)
        key = new_key()
        connection.execute(_KEY, (key.prefix, key.key_hash))
        url = stack.enter_context(_service(server.dsn, folder))
        headers = {"authorization": f"Bearer {key.key}"}
        http = stack.enter_context(httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=_ASK_SECONDS))
        return [
            time_interaction(http, interaction, repeats=repeats)
            for part in parts
            for interaction in part.interactions(connection, http)
        ]


def report(sizes: Sizes, timed: Sequence[Timed]) -> Table:
    """Return the table, in which what takes longer than the goal is marked."""
    title = ", ".join(f"{number:,} {name}" for name, number in sizes._asdict().items())
    slow = sum(each.worst > GOAL for each in timed)
    caption = f"{len(timed)} interactions, of which {slow} took longer than {GOAL:g} ms at their worst"
    table = Table("interaction", "items", "median ms", "worst ms", title=title, caption=caption)
    for column in table.columns[1:]:
        column.justify = "right"
    for each in timed:
        worst = f"{each.worst:.1f}" + (" !" if each.worst > GOAL else "")
        table.add_row(each.name, "" if each.items is None else str(each.items), f"{each.median:.1f}", worst)
    return table


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benches.tables", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(_PARTS)}; all unless named")
    parser.add_argument("--rules", type=int, default=1_000_000)
    parser.add_argument("--endpoints", type=int, default=100_000)
    parser.add_argument("--notifications", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    chosen = arguments.parts or _PARTS
    if unknown := set(chosen) - set(_PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = [cast("Part", import_module(f"benches.tables.{name}")) for name in chosen]
    sizes = Sizes(1_000, arguments.rules, arguments.endpoints, arguments.notifications)
    Console(width=120).print(report(sizes, measure(parts, sizes, repeats=arguments.repeats)), markup=False)


if __name__ == "__main__":
    main()
