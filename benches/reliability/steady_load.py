"""``make steady-load``: ten minutes at four fifths of the rate that is sustained end to end.

Each minute: what was sent and what arrived, how long it took, how much waits, and how much memory each process has.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
import orjson

from alerting.local.stack import Stack
from alerting.runtime.errors import Unavailable
from benches.pipeline.end_to_end import Load, prepare, running_receiver, send
from benches.reliability.memory import Memory
from benches.reliability.processes import resident

SUSTAINED: Final = 3_500
"""Alerts a second that last, found with `--rate` and two minutes each; docs/reliability.md."""

_BATCH: Final = 50
_SAMPLE_SECONDS: Final = 2.0
_COLLECT_SECONDS: Final = 1.0
_SETTLE_SECONDS: Final = 60.0
_SETTINGS: Final = {
    "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "ALERTING_LOG_LEVEL": "warning",
    # One receiver, and one client, stand for many.
    "ALERTING_ATTEMPTS_PER_HOST": "200",
    "ALERTING_ATTEMPTS_PER_CLIENT": "200",
}


class Minutes:
    """What arrived in each minute, by when it was sent."""

    def __init__(self, begin: float, sent: Mapping[str, float]) -> None:
        self._begin = begin
        self._sent = sent
        self._latencies: dict[int, list[float]] = {}
        self._lag: dict[int, list[int]] = {}
        self.arrived = 0
        self.repeated = 0

    def note(self, arrivals: Mapping[str, Sequence[float]]) -> None:
        """Note arrivals, by the alert's id."""
        for alert_id, times in arrivals.items():
            at = self._sent[alert_id]
            self._latencies.setdefault(int((at - self._begin) // 60), []).append(times[0] - at)
            self.arrived += 1
            self.repeated += len(times) - 1

    def note_lag(self, messages: int) -> None:
        """Note how many messages wait in the topics now."""
        self._lag.setdefault(int((time.monotonic() - self._begin) // 60), []).append(messages)

    def rows(self) -> list[dict[str, Any]]:
        """Return the minutes in their order."""
        rows = []
        for minute, latencies in sorted(self._latencies.items()):
            cuts = statistics.quantiles(latencies, n=100)
            lag = self._lag.get(minute, [0])
            rows.append(
                {
                    "minute": minute + 1,
                    "alerts": len(latencies),
                    "p50_ms": round(cuts[49] * 1e3, 1),
                    "p99_ms": round(cuts[98] * 1e3, 1),
                    "lag_median": round(statistics.median(lag)),
                    "lag_max": max(lag),
                }
            )
        return rows


async def _collect(session: aiohttp.ClientSession, receiver: str, minutes: Minutes) -> None:
    async with session.get(receiver) as response:
        minutes.note(orjson.loads(await response.read()))


async def _watch(stack: Stack, minutes: Minutes, memory: Memory) -> None:
    while True:
        for state in stack.states():
            memory.add(state.name, state.pid, resident(state.pid))
        try:
            minutes.note_lag(await asyncio.to_thread(stack.lag))
        except Unavailable as error:
            sys.stderr.write(f"no lag: {error}\n")
        await asyncio.sleep(_SAMPLE_SECONDS)


async def _keep_collecting(session: aiohttp.ClientSession, receiver: str, minutes: Minutes) -> None:
    while True:
        await _collect(session, receiver, minutes)
        await asyncio.sleep(_COLLECT_SECONDS)


async def measure(stack: Stack, receiver: str, *, rate: int, seconds: float) -> dict[str, Any]:
    """Send at a rate for so long, and say what happened meanwhile."""
    await prepare(stack, receiver)
    headers = {"authorization": f"Bearer {stack.admin_key}", "content-type": "application/json"}
    sent: dict[str, float] = {}
    memory = Memory()
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(60)) as session:
        await send(stack, session, Load(200, 3, _BATCH, 1.0), "warm")
        await asyncio.sleep(3.0)
        async with session.get(receiver) as warm:
            await warm.read()
        minutes = Minutes(time.monotonic(), sent)
        watching = [
            asyncio.create_task(_watch(stack, minutes, memory)),
            asyncio.create_task(_keep_collecting(session, receiver, minutes)),
        ]
        await send(stack, session, Load(rate, seconds, _BATCH, 1.0), "steady", sent)
        deadline = time.monotonic() + _SETTLE_SECONDS
        while minutes.arrived < len(sent) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return {
        "rate": rate,
        "seconds": seconds,
        "sent": len(sent),
        "lost": len(sent) - minutes.arrived,
        "repeated": minutes.repeated,
        "minutes": minutes.rows(),
        "memory": [each._asdict() | {"leaks": each.leaks} for each in memory.growth()],
    }


def markdown(found: Mapping[str, Any]) -> str:
    """Return a run as tables."""
    return "\n".join(
        [
            (
                f"{found['rate']:,} alerts/s for {found['seconds']:g} s: {found['sent']:,} sent, {found['lost']} lost, "
                f"{found['repeated']} delivered more than once."
            ),
            "",
            "| minute | alerts | p50 | p99 | messages waiting, median | at most |",
            "|---|---|---|---|---|---|",
            *(
                f"| {each['minute']} | {each['alerts']:,} | {each['p50_ms']} ms | {each['p99_ms']} ms |"
                f" {each['lag_median']:,} | {each['lag_max']:,} |"
                for each in found["minutes"]
            ),
            "",
            "| process | MiB, second quarter | MiB, last quarter |",
            "|---|---|---|",
            *(f"| {each['name']} | {each['early']:.0f} | {each['late']:.0f} |" for each in found["memory"]),
            "",
        ]
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benches.reliability.steady_load", description=__doc__)
    parser.add_argument("--rate", type=int, default=SUSTAINED * 4 // 5, help="alerts a second")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alerting-steady-") as folder, running_receiver() as receiver:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        with Stack(Path(folder) / "data", broker="kafka", env=_SETTINGS) as stack:
            found = asyncio.run(measure(stack, receiver.url, rate=given.rate, seconds=given.minutes * 60))
    if given.json:
        given.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    text = markdown(found)
    if given.markdown:
        given.markdown.write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
