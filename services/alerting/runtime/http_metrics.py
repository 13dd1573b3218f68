"""Counts and times what an HTTP service answers."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerting.runtime.clock import Clock
from alerting.runtime.health import PROBES
from alerting.runtime.telemetry import HTTP_REQUESTS, HTTP_SECONDS

OTHER: Final = "other"
"""Stands for what has no route, such as the UI's files and addresses that somebody tries, and for unusual methods."""

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class CountedRequests:
    """An application around all of another, so that no answer is missed, whoever gave it."""

    def __init__(self, app: ASGIApp, service: str, clock: Clock) -> None:
        self._app = app
        self._service = service
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        begun = self._clock.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], self._clock.monotonic() - begun)
            await send(message)

        await self._app(scope, receive, counted)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # What a caller can make up must not become a label: there would be a series for each.
        route = getattr(scope.get("route"), "path", OTHER)
        method = scope["method"] if scope["method"] in _METHODS else OTHER
        HTTP_REQUESTS.labels(self._service, method, route, str(status)).inc()
        HTTP_SECONDS.labels(self._service, route).observe(seconds)
