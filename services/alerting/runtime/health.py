"""``/healthz``, ``/readyz`` and ``/metrics``, the same on every service."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerting.runtime.telemetry import DEPENDENCY_UP

Check = Callable[[], Awaitable[None]]
"""Returns when a dependency answers, raises `Unavailable` when it does not."""

PROBES: Final = ("/healthz", "/readyz", "/metrics")

_TIMEOUT = 5.0
_AGAIN_SECONDS: Final = 10.0
"""Who looks at the metrics twenty times a second does not ask the dependencies as often."""


class Dependencies:
    """Asks the dependencies of a process, and shows what they answered in its metrics. For one event loop."""

    def __init__(self, checks: Mapping[str, Check], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._checks = checks
        self._monotonic = monotonic
        self._asked = float("-inf")
        self._asking: asyncio.Task[Mapping[str, bool]] | None = None

    async def ask(self) -> Mapping[str, bool]:
        """Return, of each, whether it answers."""
        self._asked = self._monotonic()
        answers = await asyncio.gather(*map(_answers, self._checks.values()))
        results = dict(zip(self._checks, answers, strict=True))
        for name, good in results.items():
            DEPENDENCY_UP.labels(name).set(good)
        return results

    def ask_soon(self) -> None:
        """Ask, unless that was done a moment ago; nobody waits for it, as a scrape has little time."""
        if self._monotonic() >= self._asked + _AGAIN_SECONDS and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self.ask())


async def _answers(check: Check) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT):
            await check()
    except Exception:  # whatever it is, the dependency cannot be used  # noqa: BLE001
        return False
    return True


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return the routes; ``/readyz`` names each dependency and whether it answers, and no more."""
    dependencies = Dependencies(checks)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        results = await dependencies.ask()
        ready = all(results.values())
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {name: "ok" if good else "unavailable" for name, good in results.items()},
        }
        return JSONResponse(body, status_code=200 if ready else 503)

    async def metrics(_request: Request) -> Response:
        dependencies.ask_soon()
        return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def health_app(checks: Mapping[str, Check]) -> Starlette:
    """Return the whole HTTP server of a service that has no other routes."""
    return Starlette(routes=health_routes(checks))
