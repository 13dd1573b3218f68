"""``make crash-comparison``: the same script of crashes for stock Alertmanager and for us, in one run.

Alertmanager takes part twice: with its own defaults, and set up so that it waits for nothing and groups nothing. It is
made for senders that send their alerts again every minute, as Prometheus does; this script sends each alert once, as
most other senders do.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

from benches.reliability.contenders import MUTED, Alert, Alerting, Alertmanager, Contender, alert
from benches.reliability.receivers import serving

_ALERTS: Final = 1_000
_FEW: Final = 100

_AT_ONCE: Final = "  group_by: ['...']\n  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 4h\n"


@dataclass(frozen=True)
class Waits:
    """How long each scene is given, in seconds."""

    crash: float = 60.0
    """More than Alertmanager's usual wait for a group."""
    throttled: float = 20.0
    after_throttled: float = 160.0
    outage: float = 60.0
    after_outage: float = 240.0


QUICK: Final = Waits(crash=20.0, throttled=3.0, after_throttled=20.0, outage=5.0, after_outage=40.0)


@dataclass
class Hook:
    """One contender's receiver: what it got when, and what it answers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, body: Any) -> None:
        """Note the alerts of a request that is taken."""
        single = body.get("alert")
        names = [single["name"]] if single else [each["labels"]["alertname"] for each in body["alerts"]]
        for name in names:
            self.times[name].append(time.monotonic())


class Scene:
    """Plays the script with one contender."""

    def __init__(self, contender: Contender, hook: Hook, session: aiohttp.ClientSession, waits: Waits) -> None:
        self._contender = contender
        self._hook = hook
        self._session = session
        self._waits = waits

    async def play(self) -> dict[str, Any]:
        """Return what came of each scene."""
        await self._contender.start(self._session)
        await self._contender.prepare(self._session)
        try:
            return {
                "crash": await self._crash(),
                "state": await self._state(),
                "throttled": await self._receiver_fails(
                    "throttled", 429, self._waits.throttled, self._waits.after_throttled, {"retry-after": "5"}
                ),
                "outage": await self._receiver_fails("outage", 500, self._waits.outage, self._waits.after_outage, {}),
            }
        finally:
            await self._contender.kill()

    async def _crash(self) -> dict[str, Any]:
        alerts = _alerts("Crash", _ALERTS)
        accepted = await self._contender.send(self._session, alerts)
        await self._restart()
        await asyncio.sleep(self._waits.crash)
        return {"accepted": accepted, **self._told(alerts)}

    async def _state(self) -> dict[str, Any]:
        await self._contender.mute(self._session)
        await asyncio.sleep(1.0)
        await self._restart()
        muted = alert("Muted", MUTED)
        await self._contender.send(self._session, [muted, alert("Loud")])
        await asyncio.sleep(self._waits.crash / 2)
        return {"in_force": not self._hook.times["Muted"], "others_told": bool(self._hook.times["Loud"])}

    async def _receiver_fails(
        self, name: str, status: int, lasts: float, after: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        alerts = _alerts(name.capitalize(), _FEW)
        self._hook.status, self._hook.headers = status, headers
        begin = time.monotonic()
        accepted = await self._contender.send(self._session, alerts)
        await asyncio.sleep(lasts)
        self._hook.status, self._hook.headers = 200, {}
        deadline = time.monotonic() + after
        while time.monotonic() < deadline and not all(self._hook.times[_name(each)] for each in alerts):
            await asyncio.sleep(0.2)
        # And a moment more for what comes twice.
        await asyncio.sleep(3.0)
        return {"accepted": accepted, **self._told(alerts, begin)}

    async def _restart(self) -> None:
        await self._contender.kill()
        await self._contender.start(self._session)

    def _told(self, alerts: Sequence[Alert], begin: float | None = None) -> dict[str, Any]:
        times = [self._hook.times[_name(each)] for each in alerts]
        told = [each for each in times if each]
        found: dict[str, Any] = {"told": len(told), "told_twice": sum(len(each) > 1 for each in told)}
        if begin is not None and told:
            found["median_seconds"] = round(statistics.median(each[0] - begin for each in told), 1)
            found["last_after_seconds"] = round(max(each[0] for each in told) - begin, 1)
        return found


def _alerts(name: str, number: int) -> list[Alert]:
    return [alert(f"{name}{place}") for place in range(number)]


def _name(of: Alert) -> str:
    name: str = of["labels"]["alertname"]
    return name


async def compare(data_dir: Path, waits: Waits) -> dict[str, Any]:
    """Play the script with all of them at the same time, each with a receiver of its own."""
    hooks = {name: Hook() for name in ("defaults", "at-once", "alerting")}

    async def receive(request: web.Request) -> web.Response:
        hook = hooks[request.match_info["tenant"]]
        body = await request.json()
        if hook.status == 200:
            hook.note(body)
        return web.Response(status=hook.status, headers=hook.headers)

    async with serving(receive) as url, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as session:
        contenders: dict[str, Contender] = {
            "defaults": Alertmanager("Alertmanager, defaults", data_dir / "defaults", f"{url}defaults", ""),
            "at-once": Alertmanager("Alertmanager, waits for nothing", data_dir / "at-once", f"{url}at-once", _AT_ONCE),
            "alerting": Alerting(data_dir / "alerting", f"{url}alerting"),
        }
        scenes = [Scene(contender, hooks[name], session, waits).play() for name, contender in contenders.items()]
        played = await asyncio.gather(*scenes)
    return {contender.name: found for contender, found in zip(contenders.values(), played, strict=True)}


def markdown(found: dict[str, Any], waits: Waits) -> str:
    """Return the comparison as a table."""
    names = list(found)

    def row(what: str, scene: str, figure: str) -> str:
        values = [found[name][scene].get(figure, "never") for name in names]
        return f"| {what} | " + " | ".join(_word(value) for value in values) + " |"

    return (
        "\n".join(
            [
                f"| | {' | '.join(names)} |",
                "|---|" + "---|" * len(names),
                row(f"{_ALERTS:,} alerts, then kill -9: accepted", "crash", "accepted"),
                row("… told after the restart", "crash", "told"),
                row("… told more than once", "crash", "told_twice"),
                row("a silence, or a disabled rule, one second before kill -9: in force", "state", "in_force"),
                row(f"receiver answers 429 for {waits.throttled:g} s: told of {_FEW} alerts", "throttled", "told"),
                row("… told more than once", "throttled", "told_twice"),
                row("… seconds until the last", "throttled", "last_after_seconds"),
                row(f"receiver answers 500 for {waits.outage:g} s: told of {_FEW} alerts", "outage", "told"),
                row("… told more than once", "outage", "told_twice"),
                row("… seconds until the last", "outage", "last_after_seconds"),
            ]
        )
        + "\n"
    )


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benches.reliability.crash_comparison", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter outages and waits, to see that it works")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep data and logs there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there")
    given = parser.parse_args()
    waits = QUICK if given.quick else Waits()
    with tempfile.TemporaryDirectory(prefix="alerting-crash-") as folder:
        data_dir = (given.keep or Path(folder)).absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o755)  # the database may run as a user of its own
        found = asyncio.run(compare(data_dir, waits))
    if given.json:
        given.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    text = markdown(found, waits)
    if given.markdown:
        given.markdown.write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
