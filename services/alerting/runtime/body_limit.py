"""Bounds what a request may send, counted while it is read and not as it was announced, and for how long."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECONDS: Final = 60.0


class BodyLimit:
    """An ASGI middleware: whoever reads a body beyond its path's limit gets a 413 instead of the rest, and late a 408.

    The framework's own limit answers in plain text; here every error is a problem document.
    """

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        refused = announced.isdecimal() and int(announced) > limit
        size = 0
        # What is waited for after the whole body is that the caller goes away, which may take its time.
        until: float | None = asyncio.get_running_loop().time() + _SECONDS

        async def counted() -> Message:
            nonlocal size, until
            if refused:
                raise _too_large(limit)
            message = await _received(receive, until)
            size += len(message.get("body", b""))
            if size > limit:
                raise _too_large(limit)
            if not message.get("more_body", False):
                until = None
            return message

        await self._app(scope, counted, send)


async def _received(receive: Receive, until: float | None) -> Message:
    try:
        async with asyncio.timeout_at(until):
            return await receive()
    except TimeoutError:
        detail = f"the body did not arrive within {_SECONDS:.0f} seconds"
        raise HTTPException(408, detail, headers={"connection": "close"}) from None


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {limit} bytes", headers={"connection": "close"})
