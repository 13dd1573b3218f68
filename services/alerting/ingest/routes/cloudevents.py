"""CloudEvents over HTTP."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from alerting.ingest.formats.cloudevents import BATCH, STRUCTURED, parse
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.exchange import Accepted, all_right, answer, body_of
from alerting.ingest.sender import Sender

router = APIRouter(tags=["CloudEvents"])

_FORMAT: Final = "cloudevents"
_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
        "id": {"type": "string", "description": "With the source, what makes a repetition known as one."},
        "source": {"type": "string", "description": "Becomes the alert's source."},
        "type": {"type": "string", "description": "Becomes the alert's name."},
        "time": {"type": "string", "format": "date-time", "description": "When it happened; now when it is absent."},
        "severity": {
            "type": "string",
            "description": "An extension; when it is absent, the data's member of that name counts.",
        },
        "data": {"description": "What there is to say: it goes into the alert's context."},
        "data_base64": {"type": "string", "description": "The same, in Base64."},
    },
}
_EXAMPLE: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "1f0e7c9a",
    "source": "payments",
    "type": "QueueFull",
    "severity": "critical",
    "data": {"waiting": 12_000},
}
_CONTENT: Final = {
    STRUCTURED: {"schema": _EVENT, "example": _EXAMPLE},
    BATCH: {"schema": {"type": "array", "items": _EVENT}, "example": [_EXAMPLE]},
    "*/*": {
        "schema": {"description": "An event's data, when its attributes are in `ce-` headers."},
        "example": _EXAMPLE["data"],
    },
}


@router.post(
    "/cloudevents",
    status_code=202,
    responses={202: {"model": Accepted, "description": "The broker has the alerts"}},
    openapi_extra={"requestBody": {"content": _CONTENT}},
    summary="Take events in any of CloudEvents' three modes",
)
async def cloudevents(request: Request, _sender: Sender) -> Response:
    """Accept all events of the request, or none of them."""
    parts = parts_of(request)
    integration = integration_of(request)
    async with body_of(request, _FORMAT) as body:
        parsed = parse(request.headers, body, integration, parts.intake.now_microseconds())
        all_right(parsed.rejects)
        await parts.intake.alerts(_FORMAT, integration.name, parsed.alerts, request.headers)
    return answer({"alert_ids": [alert.alert_id for alert in parsed.alerts]}, 202)
