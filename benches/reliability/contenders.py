"""Who is compared: each takes alerts as Alertmanager's API v2, posts them to a webhook, and can be killed."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp

from alerting.local.ports import LOOPBACK, free_port
from benches.reliability.processes import family, signal_all

SERVICE: Final = "crash"
MUTED: Final = "muted"
_START_SECONDS: Final = 120.0
_BATCH: Final = 64

Alert = dict[str, Any]


def alert(name: str, service: str = SERVICE) -> Alert:
    """Return an alert as Prometheus sends it."""
    return {"labels": {"alertname": name, "service": service, "severity": "critical"}}


class Contender(ABC):
    """A system under test. Its state is in a directory and outlives it."""

    name: str

    def __init__(self, data_dir: Path, webhook: str) -> None:
        self.data_dir = data_dir
        self.webhook = webhook
        self._process: asyncio.subprocess.Process | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts it."""

    @abstractmethod
    async def ready(self, session: aiohttp.ClientSession) -> bool:
        """Return whether it takes alerts."""

    @abstractmethod
    async def prepare(self, session: aiohttp.ClientSession) -> None:
        """Do what it needs once, before the first alert."""

    @abstractmethod
    async def mute(self, session: aiohttp.ClientSession) -> None:
        """Have it tell nobody of the service `MUTED`."""

    @property
    @abstractmethod
    def alerts_url(self) -> str:
        """Return where alerts are posted."""

    @property
    def headers(self) -> dict[str, str]:
        """Return what goes with each request."""
        return {}

    @property
    def env(self) -> dict[str, str]:
        """Return its environment."""
        return {}

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Start it, and wait until it takes alerts."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        log = (self.data_dir / "log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            *self.command(), stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **self.env}
        )
        log.close()
        deadline = time.monotonic() + _START_SECONDS
        while not await self.ready(session):
            if time.monotonic() > deadline or self._process.returncode is not None:
                raise RuntimeError(f"{self.name} does not start; see {self.data_dir / 'log'}")
            await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """Kill -9 all that it consists of."""
        assert self._process is not None
        signal_all(family(self._process.pid), signal.SIGKILL)
        await self._process.wait()

    async def send(self, session: aiohttp.ClientSession, alerts: list[Alert]) -> int:
        """Post alerts in batches, as Prometheus does; return how many were accepted with 200."""
        accepted = 0
        for first in range(0, len(alerts), _BATCH):
            batch = alerts[first : first + _BATCH]
            async with session.post(self.alerts_url, json=batch, headers=self.headers) as response:
                accepted += len(batch) * (response.status == 200)
        return accepted


class Alertmanager(Contender):
    """Debian's `prometheus-alertmanager`."""

    def __init__(self, name: str, data_dir: Path, webhook: str, route: str) -> None:
        super().__init__(data_dir, webhook)
        self.name = name
        self._route = route
        self._port = free_port()

    def command(self) -> list[str]:
        """Return what starts it."""
        config = self.data_dir / "config.yml"
        config.write_text(
            f"route:\n  receiver: hook\n{self._route}"
            f"receivers:\n  - name: hook\n    webhook_configs:\n      - url: {self.webhook}\n        max_alerts: 0\n"
        )
        return [
            "prometheus-alertmanager",
            f"--config.file={config}",
            f"--storage.path={self.data_dir / 'data'}",
            f"--web.listen-address={LOOPBACK}:{self._port}",
            "--cluster.listen-address=",
        ]

    async def ready(self, session: aiohttp.ClientSession) -> bool:
        """Return whether it takes alerts."""
        try:
            async with session.get(f"http://{LOOPBACK}:{self._port}/-/ready") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def prepare(self, session: aiohttp.ClientSession) -> None:
        """Need nothing."""

    async def mute(self, session: aiohttp.ClientSession) -> None:
        """Make a silence."""
        now = datetime.now(UTC)
        silence = {
            "matchers": [{"name": "service", "value": MUTED, "isRegex": False}],
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(hours=1)).isoformat(),
            "createdBy": "test",
            "comment": "one second before the crash",
        }
        url = f"http://{LOOPBACK}:{self._port}/api/v2/silences"
        async with session.post(url, json=silence) as response:
            response.raise_for_status()

    @property
    def alerts_url(self) -> str:
        """Return where alerts are posted."""
        return f"http://{LOOPBACK}:{self._port}/api/v2/alerts"


class Alerting(Contender):
    """`alerting up` on Apache Kafka, with its usual settings."""

    name = "alerting"

    def __init__(self, data_dir: Path, webhook: str) -> None:
        super().__init__(data_dir, webhook)
        self._ingest = ""
        self._api = ""
        self._key = ""
        self._muted_rule = ""
        self._log_begin = 0

    def command(self) -> list[str]:
        """Return what starts it."""
        log = self.data_dir / "log"
        self._log_begin = log.stat().st_size if log.exists() else 0
        return [sys.executable, "-m", "alerting", "up", "--broker", "kafka", "--data-dir", str(self.data_dir / "data")]

    @property
    def env(self) -> dict[str, str]:
        """Return its environment: the webhook is on loopback, which is refused otherwise."""
        return {"ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]', "COLUMNS": "500"}

    async def ready(self, session: aiohttp.ClientSession) -> bool:
        """Return whether it takes alerts."""
        with (self.data_dir / "log").open("rb") as log:
            log.seek(self._log_begin)
            said = log.read().decode(errors="replace")
        if "Ctrl-C stops everything." not in said:
            return False
        self._api = _said(said, r"^API +(\S+)/docs")
        self._ingest = _said(said, r"^Ingest +(\S+)/docs")
        self._key = (self.data_dir / "data" / "admin-key").read_text().strip()
        return True

    async def prepare(self, session: aiohttp.ClientSession) -> None:
        """Make a client, and its rules: one for what crashes, one for what will be muted."""
        await self._post(session, "/clients", {"id": "acme", "name": "acme"})
        for source in (SERVICE, MUTED):
            hook = {"type": "webhook", "value": self.webhook}
            rule = {"severity": "*", "source": source, "name": "*", "endpoints": [hook]}
            made = await self._post(session, "/clients/acme/rules", rule)
            self._muted_rule = made["id"]
        await asyncio.sleep(2.0)

    async def mute(self, session: aiohttp.ClientSession) -> None:
        """Disable the rule."""
        url = f"{self._api}/api/v1/rules/{self._muted_rule}"
        async with session.patch(url, json={"enabled": False}, headers={**self.headers, "if-match": '"1"'}) as response:
            response.raise_for_status()

    @property
    def alerts_url(self) -> str:
        """Return where alerts are posted."""
        return f"{self._ingest}/api/v2/alerts"

    @property
    def headers(self) -> dict[str, str]:
        """Return what goes with each request."""
        return {"authorization": f"Bearer {self._key}"}

    async def _post(self, session: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> Any:
        async with session.post(f"{self._api}/api/v1{path}", json=body, headers=self.headers) as response:
            response.raise_for_status()
            return await response.json()


def _said(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"nothing like {pattern} in what it said")
    return found[1]
