"""``make chaos``: alerts flow while everything is broken in turn, and then it is counted what became of them."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import aiohttp
import orjson

from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from benches.reliability import inspection, report, schedule
from benches.reliability.faults import Faults
from benches.reliability.ledger import Ledger
from benches.reliability.load import SOURCE, Load
from benches.reliability.memory import Memory
from benches.reliability.platform import Platform, running_platform, small_disk
from benches.reliability.processes import resident
from benches.reliability.receivers import HEALTHY, TENANTS, Receivers, serving
from benches.reliability.verdict import judge, recoveries

_SETTLE_SECONDS: Final = 240.0
_SAMPLE_SECONDS: Final = 2.0
_WARM_SECONDS: Final = 3.0
_LAST_WINDOW: Final = 10.0

Say = Callable[[str], None]


async def create_tenants(platform: Platform, url: str) -> None:
    """Make the tenants: each hears of every alert of the load, over its own webhook."""
    api = f"{platform.stack.url('rule-service')}/api/v1"
    headers = {"authorization": f"Bearer {platform.stack.admin_key}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        for tenant in TENANTS:
            await session.post(f"{api}/clients", json={"id": tenant, "name": tenant})
            hook = {"type": "webhook", "value": url + tenant}
            rule = {"severity": "*", "source": SOURCE, "name": "*", "endpoints": [hook]}
            await session.post(f"{api}/clients/{tenant}/rules", json=rule)
    version = await asyncio.to_thread(platform.stack.rules_version)
    while await asyncio.to_thread(platform.stack.evaluator_version) < version:
        await asyncio.sleep(0.2)


async def _break(faults: Faults, planned: Iterable[schedule.Planned], until: float, say: Say) -> None:
    running: set[asyncio.Task[None]] = set()
    for pause, fault in planned:
        await asyncio.sleep(pause)
        if time.monotonic() + fault.seconds + _LAST_WINDOW > until:
            break
        say(f"{fault.kind}: {fault.target}" + (f" for {fault.seconds:g} s" if fault.seconds else ""))
        task = asyncio.create_task(faults.make(fault))
        running.add(task)
        # The next may begin while this one lasts only when it is to come at once.
        if pause >= 1.0:
            await asyncio.wait(running)
    if running:
        await asyncio.gather(*running)


async def _watch_memory(platform: Platform, memory: Memory) -> None:
    while True:
        for name in platform.names():
            pid = platform.pid(name)
            if pid is not None:
                # PostgreSQL's processes share most of their memory, so only its first one is looked at.
                memory.add(name, pid, resident(pid))
        await asyncio.sleep(_SAMPLE_SECONDS)


async def _settle(platform: Platform, settings: Settings, say: Say) -> int:
    """Wait until nothing is left to do, and return how much is."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    left = -1
    while time.monotonic() < deadline:
        try:
            left = await asyncio.to_thread(platform.stack.lag)
            waiting = await asyncio.to_thread(inspection.pending, settings)
        except Unavailable as error:
            say(str(error))
        else:
            if not left and not waiting:
                return 0
        await asyncio.sleep(1.0)
    return left


async def run(data_dir: Path, *, seconds: float, seed: int, rate: float, full: bool, say: Say) -> dict[str, Any]:
    """Break things for so many seconds, then judge."""
    ledger, memory = Ledger(), Memory()
    receivers = Receivers(ledger, seed)
    async with AsyncExitStack() as parts:
        disk = parts.enter_context(small_disk(data_dir / "disk"))
        if disk is None:
            say("no disk of its own for PostgreSQL: mounting is not allowed here, so none is filled")
        url = await parts.enter_async_context(serving(receivers.receive))
        platform = await parts.enter_async_context(running_platform(data_dir, say, disk=disk))
        settings = platform.stack.settings(Settings)
        await create_tenants(platform, url)
        load = Load(platform.stack.url("ingest"), platform.stack.admin_key, ledger, rate=rate)
        stop = asyncio.Event()
        sending = asyncio.create_task(load.run(stop))
        watching = asyncio.create_task(_watch_memory(platform, memory))
        begin = time.monotonic()
        await asyncio.sleep(_WARM_SECONDS)
        plan = schedule.endless if full else schedule.short
        await _break(Faults(platform, receivers, ledger, seed), plan(seed, disk=disk is not None), begin + seconds, say)
        await asyncio.sleep(max(0.0, begin + seconds - time.monotonic()))
        stop.set()
        receivers.calm = True
        say("the load has ended; waiting for what is on its way")
        await sending
        lag = await _settle(platform, settings, say)
        took = time.monotonic() - begin
        watching.cancel()
        verdict = judge(
            ledger,
            await asyncio.to_thread(inspection.notifications, settings),
            tenants=TENANTS,
            healthy=HEALTHY,
            dead_letters=await asyncio.to_thread(inspection.dead_letters, settings),
            lag=lag,
        )
        found = report.figures(
            ledger,
            verdict,
            recoveries(ledger, HEALTHY),
            memory.growth(),
            seed=seed,
            seconds=took,
            tenants=len(TENANTS),
            deliveries=await asyncio.to_thread(inspection.statuses, settings),
        )
        found["broken"] += [f"started too often: {name}" for name in platform.gave_up()]
        if full:
            # In less time, what only warms up would be taken for a leak.
            found["broken"] += [f"memory grew: {each.name}" for each in memory.growth() if each.leaks]
        return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benches.reliability.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1_800.0, help="30 minutes unless said")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20.0, help="alerts a second; each is for seven tenants")
    parser.add_argument("--short", action="store_true", help="the faults of the test: few, and each once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep data and logs there")
    given = parser.parse_args()
    begin = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begin:7.1f} s  {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="alerting-chaos-") as folder:
        data_dir = given.keep or Path(folder)
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o755)  # the database may run as a user of its own
        found = asyncio.run(
            run(
                data_dir.absolute(),
                seconds=given.seconds,
                seed=given.seed,
                rate=given.rate,
                full=not given.short,
                say=say,
            )
        )
    if given.json:
        given.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    text = report.markdown(found)
    if given.markdown:
        given.markdown.write_text(text)
    sys.stdout.write(text)
    if found["broken"]:
        raise SystemExit("\n".join(["", "broken:", *found["broken"]]))


if __name__ == "__main__":
    main()
