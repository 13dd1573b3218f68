"""Who may call a route, and what a route says of things that its caller may not see: that there is no such thing."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from alerting.rule_service.store import clients
from alerting.runtime.auth import GuardedRoute, Principal, require
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.problem import Problem

Admin = Annotated[Principal, Depends(require())]
Tenant = Annotated[Principal, Depends(require("client"))]
"""The holder of a client's key, who sees that client's things only; or an admin, who sees all."""

Found = TypeVar("Found")

_PROBLEM: Final[dict[str, Any]] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
}
_MEANINGS: Final = {
    401: "There is no valid API key and no session",
    403: "The key's scope is not one of this route's, or a session's request has no `x-alerting-csrf`",
    404: "There is no such thing, or it is another client's",
    409: "It is there already, or something still needs it",
    412: "It has another version by now",
    413: "The body is too large",
    422: "The request is wrong; `errors` names the fields",
    428: "The request has to say which version it means",
    429: "Too many of these at a time, or too many wrong keys",
    503: "A dependency does not answer",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the errors that a route may answer."""
    return {status: {"description": _MEANINGS[status], **_PROBLEM} for status in statuses}


def _name(route: APIRoute) -> str:
    return route.name


def router(tag: str) -> APIRouter:
    """Make the router of a resource: every route of it needs a key."""
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        route_class=GuardedRoute,
        generate_unique_id_function=_name,
        responses=problems(401, 403, 422, 503),
    )


def found(thing: Found | None, what: str) -> Found:
    """Return what was found for the caller, or say that there is none."""
    if thing is None:
        raise Problem(404, f"there is no such {what}")
    return thing


def confined(wanted: dict[str, Any], caller: Principal) -> dict[str, Any] | None:
    """Return what a list is filtered by, confined to what the caller sees; None when it sees nothing of that."""
    if caller.client_id is None:
        return wanted
    if wanted.get("client_id", caller.client_id) != caller.client_id:
        return None
    return wanted | {"client_id": caller.client_id}


async def visible_client(connection: AsyncConnection, client_id: str, caller: Principal) -> Row:
    """Return a client that the caller may know of."""
    return found(await clients.find(connection, client_id) if caller.sees(client_id) else None, "client")
