"""Errors in the words of Alertmanager's API, for clients that know no others."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from alerting.ingest.routes.exchange import answer
from alerting.runtime.problem import Problem

# What amtool's generated client has a meaning for: it shows nothing of an answer with another status.
_STATUSES: Final = {422: 400, 501: 400}


class DialectRoute(APIRoute):
    """A route whose problems become Alertmanager's, a status and a text, for who accepts nothing but plain JSON.

    That is amtool, which stops at an answer of another type before it reads what is wrong. All others get the problem.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler, behind the translation."""
        handle = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                if request.headers.get("accept", "").strip().lower() != "application/json":
                    raise
                response = answer(problem.detail, _STATUSES.get(problem.status, problem.status))
                response.headers.update(problem.headers or {})
                return response

        return translated
