"""What every route does with a request and its answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from fastapi import Request, Response

from alerting.ingest.faults import Reject, Rejected, Unreadable
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.sender import known_sender
from alerting.runtime.described import Described
from alerting.runtime.problem import Fault, Problem

MOST_FAULTS: Final = 100


class Accepted(Described):
    """The ids of the alerts that the broker has, in the request's order."""

    alert_ids: list[str]
    """The ids, given or made."""


class Received(Accepted):
    """What became of a message that may tell of resolved alerts, too."""

    resolved: int
    """How many alerts were told to be over."""


class Refused(Exception):
    """A request that is refused as a whole, for the alerts that are wrong."""

    def __init__(self, rejects: Sequence[Reject]) -> None:
        super().__init__(str(rejects[0]))
        self.rejects = rejects


def all_right(rejects: Sequence[Reject]) -> None:
    """Refuse the request when any of its alerts is wrong."""
    if rejects:
        raise Refused(rejects)


@asynccontextmanager
async def body_of(request: Request, sender_format: str) -> AsyncIterator[bytes]:
    """Read a request's body; what is wrong with it, and with its alerts, is counted, and becomes a problem."""
    parts = parts_of(request)
    bodies = parts.bodies if known_sender(request) is not None else parts.bodies_of_unknown
    try:
        async with bodies.read(request) as body:
            yield body
    except Unreadable as error:
        raise refused(request, sender_format, [Reject(error.item, error.field, error.detail)], error.status) from None
    except Rejected as error:
        raise refused(request, sender_format, [Reject.of(None, error)]) from None
    except Refused as error:
        raise refused(request, sender_format, error.rejects) from None


def refused(request: Request, sender_format: str, rejects: Sequence[Reject], status: int = 422) -> Problem:
    """Count what is wrong, and return the problem that names it; beyond a hundred faults it says only how many."""
    note_rejects(request, sender_format, rejects)
    more = f"; and {len(rejects) - 1} more" if len(rejects) > 1 else ""
    return Problem(status, f"{rejects[0]}{more}", faults(rejects))


def note_rejects(request: Request, sender_format: str, rejects: Sequence[Reject]) -> None:
    """Count what is wrong, unless it comes from nobody that is known."""
    sender = known_sender(request)
    if sender is not None:
        parts_of(request).intake.refuse(sender_format, integration_of(request).name, sender.name, rejects)


def faults(rejects: Sequence[Reject]) -> list[Fault]:
    """Return the first hundred rejects as a problem document has them."""
    return [Fault(item=item, field=field, message=message) for item, field, message in rejects[:MOST_FAULTS]]


def answer(content: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def takes(schema: Mapping[str, Any], examples: Mapping[str, object]) -> dict[str, Any]:
    """Return the OpenAPI documentation of a body that the route reads itself, with an example of each media type."""
    content = {media_type: {"schema": schema, "example": example} for media_type, example in examples.items()}
    return {"requestBody": {"required": True, "content": content}}
