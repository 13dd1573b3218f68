"""The platform with a proxy before each server, on a disk that can be filled."""

import asyncio
import errno
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerting.local.kafka import KafkaServer
from alerting.local.ports import LOOPBACK, free_port
from alerting.local.postgres import PostgresServer
from alerting.local.stack import Stack
from alerting.local.supervisor import RestartPolicy, Supervisor
from alerting.local.valkey import ValkeyServer
from benches.reliability.proxy import Proxy, running_proxy

Report = Callable[[str], None]

_RESTARTS: Final = RestartPolicy(crashes=60, window=60.0, first_delay=0.2)
_DISK_MEGABYTES: Final = 1_500
_POSTGRES: Final = {"max_wal_size": "96MB", "min_wal_size": "64MB"}

# As in production, but for waits that would make a run of half an hour one of half a day.
SETTINGS: Final = {
    "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "ALERTING_KAFKA_SESSION_TIMEOUT": "6",
    "ALERTING_ATTEMPT_TIMEOUT": "2",
    "ALERTING_LEASE": "12",
    "ALERTING_RETRY_DELAYS": "[1, 1, 2, 2, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8]",
    "ALERTING_THROTTLED_DELAY": "1",
    "ALERTING_BREAKER_OPEN_SECONDS": "1",
    "ALERTING_BREAKER_MOST_OPEN_SECONDS": "4",
    "ALERTING_SWEEP_AFTER": "10",
    "ALERTING_SWEEP_INTERVAL": "5",
}


@dataclass
class Platform:
    """What faults are done to."""

    stack: Stack
    servers: Supervisor
    proxies: Mapping[str, Proxy]
    disk: Path | None
    """A disk of its own for PostgreSQL, if there may be one."""

    def pid(self, name: str) -> int | None:
        """Return the id of a running service or server."""
        states = {state.name: state for state in (*self.servers.states(), *self.stack.states())}
        return states[name].pid if states[name].status == "running" else None

    def names(self) -> list[str]:
        """Return what runs."""
        return [state.name for state in (*self.servers.states(), *self.stack.states())]

    def gave_up(self) -> list[str]:
        """Return what is not started any more."""
        return [state.name for state in (*self.servers.states(), *self.stack.states()) if state.status == "gave up"]


@contextmanager
def small_disk(place: Path) -> Iterator[Path | None]:
    """Mount a small disk in memory; yield None where that is not allowed."""
    place.mkdir(parents=True)
    options = f"size={_DISK_MEGABYTES}m,mode=0755"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "alerting-chaos", str(place)], capture_output=True, check=False
    )
    try:
        yield place if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=False)


def fill(disk: Path) -> Path:
    """Take all the room that is left on a disk, and return the file that has it."""
    file = disk / "ballast"
    with file.open("wb") as ballast:
        for size in (1 << 24, 1 << 20, 1 << 12):
            while True:
                try:
                    os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    break
    return file


@asynccontextmanager
async def running_platform(data_dir: Path, report: Report, *, disk: Path | None) -> AsyncIterator[Platform]:
    """Start the servers, the proxies before them, and the services behind those."""
    supervisor = Supervisor(lambda state: report(f"{state.name}: {state.status}"), policy=_RESTARTS)
    ports = {name: free_port() for name in ("kafka", "postgres", "valkey")}
    kafka = KafkaServer(data_dir, advertised_port=ports["kafka"])
    postgres = PostgresServer(disk or data_dir, settings=_POSTGRES)
    valkey = ValkeyServer(data_dir)
    try:
        for server in (kafka, postgres, valkey):
            await asyncio.to_thread(supervisor.start, server)
        async with AsyncExitStack() as proxies:
            targets = {"kafka": kafka.port, "postgres": postgres.port, "valkey": valkey.port}
            before = {
                name: await proxies.enter_async_context(running_proxy(ports[name], targets[name])) for name in ports
            }
            env = {
                **SETTINGS,
                "ALERTING_KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{ports['kafka']}",
                "ALERTING_POSTGRES_DSN": postgres.dsn.replace(f":{postgres.port}/", f":{ports['postgres']}/"),
                "ALERTING_REDIS_URL": valkey.url.replace(f":{valkey.port}/", f":{ports['valkey']}/"),
            }
            stack = Stack(data_dir, broker="kafka", env=env, report=report, policy=_RESTARTS)
            await asyncio.to_thread(stack.start)
            try:
                yield Platform(stack, supervisor, before, disk)
            finally:
                await asyncio.to_thread(stack.close)
    finally:
        await asyncio.to_thread(supervisor.stop)
