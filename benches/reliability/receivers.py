"""Receivers that work, and such that misbehave, each for a tenant of its own; all of them note what they get."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from benches.reliability.ledger import Answer, Arrival, Ledger

HEALTHY: Final = ("healthy-0", "healthy-1")
MISBEHAVING: Final = ("flapping", "cutting", "hanging", "throttling", "outage")
TENANTS: Final = (*HEALTHY, *MISBEHAVING)

_SOMETIMES: Final = 0.1
_HANG_SECONDS: Final = 30.0


class Receivers:
    """A web server with a path for each tenant."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger = ledger
        self._random = random.Random(seed)
        self.outage = False
        """While it is set, the tenant `outage` has one."""
        self.calm = False
        """Once it is set, everybody behaves."""

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take a delivery, or not."""
        tenant = request.match_info["tenant"]
        body = await request.json()
        behave = {
            "flapping": self._flap,
            "cutting": self._cut,
            "hanging": self._hang,
            "throttling": self._throttle,
            "outage": self._fail,
        }.get(tenant, self._take)
        how: Answer
        response, how = await (self._take if self.calm else behave)(request)
        self._ledger.arrivals.append(
            Arrival(
                time.monotonic(),
                tenant,
                body["alert"]["alert_id"],
                request.headers["idempotency-key"],
                body["attempt"],
                how,
            )
        )
        if how == "cut" and request.transport is not None:
            request.transport.abort()
        return response

    async def _take(self, _: web.Request) -> tuple[web.Response, Answer]:
        return web.Response(), "taken"

    async def _flap(self, request: web.Request) -> tuple[web.Response, Answer]:
        return await self._take(request) if self._random.random() < 0.5 else (web.Response(status=500), "refused")

    async def _cut(self, request: web.Request) -> tuple[web.Response, Answer]:
        return await self._take(request) if self._random.random() > _SOMETIMES else (web.Response(), "cut")

    async def _hang(self, request: web.Request) -> tuple[web.Response, Answer]:
        if self._random.random() < _SOMETIMES:
            # The sender ends it, which cancels this.
            await asyncio.sleep(_HANG_SECONDS)
        return await self._take(request)

    async def _throttle(self, request: web.Request) -> tuple[web.Response, Answer]:
        if self._random.random() > _SOMETIMES:
            return await self._take(request)
        return web.Response(status=429, headers={"retry-after": "1"}), "refused"

    async def _fail(self, request: web.Request) -> tuple[web.Response, Answer]:
        return (web.Response(status=500), "refused") if self.outage else await self._take(request)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(receive: Handler) -> AsyncIterator[str]:
    """Serve on a free port of loopback; yield the URL that a tenant's name is added to."""
    app = web.Application()
    app.router.add_post("/{tenant}", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
