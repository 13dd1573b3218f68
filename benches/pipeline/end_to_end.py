"""From a request to ingest until the webhook has the alert, with everything on this machine.

One tenant's rules match `matched` of all alerts; each match is one notification and one webhook. The senders' requests
carry `batch` alerts each, as Prometheus's do. A rate is *sustained* when all that was sent has arrived within two
seconds after the last request.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import aiohttp
import orjson

from alerting.local.stack import Stack
from benches.reliability.processes import cpu_seconds

_SOURCE = "bench"
_SETTLE = 2.0


@dataclass(frozen=True)
class Load:
    """What is sent."""

    rate: int
    """Alerts a second."""
    seconds: float
    batch: int
    matched: float
    """The share of alerts that the tenant's rule matches."""


class Receiver(NamedTuple):
    """The webhook, a process of its own."""

    url: str
    pid: int


@contextlib.contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Run a webhook that costs next to nothing."""
    with subprocess.Popen(
        [sys.executable, "-m", "benches.pipeline.receiver"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Receiver(f"http://127.0.0.1:{process.stdout.readline().strip()}", process.pid)
        finally:
            process.terminate()


async def _requests(load: Load) -> AsyncIterator[tuple[float, int, int]]:
    """Yield, at the right moments, when a request is due and which alerts it carries."""
    count = int(load.rate * load.seconds)
    begin = time.monotonic() + 0.1
    for first in range(0, count, load.batch):
        due = begin + first / load.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield due, first, min(count, first + load.batch)


async def send(
    stack: Stack, session: aiohttp.ClientSession, load: Load, run: str, sent: dict[str, float] | None = None
) -> dict[str, float]:
    """Send the load; return, and note in `sent` meanwhile, when each matching alert was sent."""
    sent = {} if sent is None else sent
    pending: set[asyncio.Task[None]] = set()
    period = max(1, round(1 / load.matched))

    async def post(first: int, end: int) -> None:
        alerts = [
            {
                "alert_id": f"{run}-{number}",
                "severity": "HIGH",
                "source": _SOURCE if number % period == 0 else "other",
                "name": "PaymentTimeout",
                "context": {"region": "eu-west-1", "instance": f"10.0.0.{number % 250}:9100"},
            }
            for number in range(first, end)
        ]
        body = orjson.dumps(alerts)
        at = time.monotonic()
        sent.update({alert["alert_id"]: at for alert in alerts if alert["source"] == _SOURCE})  # type: ignore[misc]
        async with session.post(f"{stack.url('ingest')}/api/v1/alerts", data=body) as response:
            if response.status != 202:
                raise RuntimeError(await response.text())

    async for _due, first, end in _requests(load):
        task = asyncio.create_task(post(first, end))
        pending.add(task)
        task.add_done_callback(pending.discard)
    await asyncio.gather(*pending)
    return sent


async def _collect(
    session: aiohttp.ClientSession, receiver: str, sent: dict[str, float], seconds: float
) -> dict[str, list[float]]:
    """Wait until everything that was sent arrived, or nothing more does; what a former run left over is not of it."""
    arrived: dict[str, list[float]] = {}
    quiet_since = time.monotonic()
    while len(arrived) < len(sent) and time.monotonic() - quiet_since < seconds:
        async with session.get(receiver) as response:
            more = orjson.loads(await response.read())
        for alert_id, times in more.items():
            if alert_id in sent:
                arrived.setdefault(alert_id, []).extend(times)
            quiet_since = time.monotonic()
        await asyncio.sleep(0.2)
    return arrived


async def _measure(stack: Stack, receiver: Receiver, load: Load, run: str) -> dict[str, object]:
    headers = {"authorization": f"Bearer {stack.admin_key}", "content-type": "application/json"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(60)) as session:
        before, begin = _cpu(stack, receiver), time.monotonic()
        sent = await send(stack, session, load, run)
        end = time.monotonic()
        arrived = await _collect(session, receiver.url, sent, 30)
        spent = {name: seconds - before.get(name, 0.0) for name, seconds in _cpu(stack, receiver).items()}
    last = max((max(times) for times in arrived.values()), default=end)
    latencies = sorted(times[0] - sent[alert_id] for alert_id, times in arrived.items())
    count = int(load.rate * load.seconds)
    return {
        "rate": load.rate,
        "alerts": count,
        "alerts_per_second": round(count / (last - begin)),
        "webhooks": len(arrived),
        "lost": len(sent) - len(arrived),
        "repeated": sum(len(times) - 1 for times in arrived.values()),
        "sustained": len(arrived) == len(sent) and last - end < _SETTLE,
        "latency_ms": {
            name: round(latencies[min(len(latencies) - 1, int(share * len(latencies)))] * 1_000, 1)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        }
        if latencies
        else None,
        "cpu_us_per_alert": {name: round(seconds / count * 1e6) for name, seconds in spent.items()},
    }


def _cpu(stack: Stack, receiver: Receiver) -> dict[str, float]:
    """Return the processor's time of each of the platform's processes, of the load's (this one), and the receiver's."""
    platform = {state.name: cpu_seconds(state.pid) for state in stack.states()}
    return platform | {"load": time.process_time(), "receiver": cpu_seconds(receiver.pid)}


async def prepare(stack: Stack, receiver: str) -> None:
    """Make one tenant with a rule for the load, and wait until it is matched."""
    headers = {"authorization": f"Bearer {stack.admin_key}"}
    api = f"{stack.url('rule-service')}/api/v1"
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        await session.post(f"{api}/clients", json={"id": "bench", "name": "bench"})
        body = {"severity": "HIGH", "source": _SOURCE, "name": "*"}
        async with session.post(f"{api}/clients/bench/rules", json=body) as response:
            rule = (await response.json())["id"]
        endpoint = {"type": "webhook", "value": f"{receiver}/hook"}
        await session.post(f"{api}/rules/{rule}/endpoints", json=endpoint)
    deadline = time.monotonic() + 20
    while stack.evaluator_version() < stack.rules_version():
        if time.monotonic() > deadline:
            raise RuntimeError("the evaluators do not have the rule")
        await asyncio.sleep(0.1)


def measure(
    *,
    rates: tuple[int, ...] = (100, 1_000, 2_000, 3_000, 5_000),
    seconds: float = 15,
    batch: int = 50,
    matched: float = 1.0,
) -> dict[str, object]:
    """Return the figures of each rate; stop behind the first that is not sustained."""
    results: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder, running_receiver() as receiver:
        env = {
            "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
            "ALERTING_ALLOW_INSECURE_ENDPOINTS": "true",
            "ALERTING_LOG_LEVEL": "warning",
            # One receiver, and one client, stand for many.
            "ALERTING_ATTEMPTS_PER_HOST": "200",
            "ALERTING_ATTEMPTS_PER_CLIENT": "200",
        }
        Path(folder).chmod(0o755)  # the database runs as a user of its own
        with Stack(Path(folder) / "data", broker="kafka", env=env) as stack:
            asyncio.run(prepare(stack, receiver.url))
            asyncio.run(_measure(stack, receiver, Load(200, 3, batch, matched), "warm"))
            for rate in rates:
                load = Load(rate, seconds, min(batch, max(1, rate // 20)), matched)
                results.append(asyncio.run(_measure(stack, receiver, load, f"r{rate}")))
                if not results[-1]["sustained"]:
                    break
    sustained = [result["rate"] for result in results if result["sustained"]]
    return {
        "matched_share": matched,
        "highest_sustained_rate": sustained[-1] if sustained else None,
        "rates": results,
    }
