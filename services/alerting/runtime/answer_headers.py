"""What every answer of an HTTP service tells browsers, and caches on the way, unless it says something else itself."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
)
# A tenant's data, and secrets that are shown once: nobody keeps them.
_API: Final = (*_ANY, (b"cache-control", b"no-store"))


class AnswerHeaders:
    """An ASGI middleware: adds what an answer does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        usual = _API if scope["path"].startswith("/api/") else _ANY

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in usual if each[0] not in given)]
            await send(message)

        await self._app(scope, receive, completed)
