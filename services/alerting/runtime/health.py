"""``/healthz``, ``/readyz`` and ``/metrics``, the same on every service."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[None]]
"""Returns when a dependency answers, raises `Unavailable` when it does not."""

_TIMEOUT = 5.0


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return the routes; ``/readyz`` names each dependency and whether it answers, and no more."""

    async def answers(check: Check) -> bool:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await check()
        except Exception:  # whatever it is, the dependency cannot be used  # noqa: BLE001
            return False
        return True

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        results = dict(zip(checks, await asyncio.gather(*map(answers, checks.values())), strict=True))
        ready = all(results.values())
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {name: "ok" if good else "unavailable" for name, good in results.items()},
        }
        return JSONResponse(body, status_code=200 if ready else 503)

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def health_app(checks: Mapping[str, Check]) -> Starlette:
    """Return the whole HTTP server of a service that has no other routes."""
    return Starlette(routes=health_routes(checks))
