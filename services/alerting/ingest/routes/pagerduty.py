"""PagerDuty's Events API, version 2."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from alerting.ingest.formats.pagerduty import parse, routing_key
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.exchange import answer, body_of, takes
from alerting.ingest.sender import Documented, allowed
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import ALERTS_ACKNOWLEDGED

router = APIRouter(tags=["PagerDuty Events v2"])

_FORMAT: Final = "pagerduty"
_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["event_action"],
    "properties": {
        "routing_key": {"type": "string", "description": "The API key, unless there is an Authorization header"},
        "event_action": {"enum": ["trigger", "acknowledge", "resolve"]},
        "dedup_key": {"type": "string", "maxLength": 255},
        "payload": {
            "type": "object",
            "required": ["summary", "source", "severity"],
            "properties": {
                "summary": {"type": "string", "maxLength": 1_024},
                "source": {"type": "string", "maxLength": 255},
                "severity": {"enum": ["critical", "error", "warning", "info"]},
                "timestamp": {"type": "string", "format": "date-time"},
                "component": {"type": "string"},
                "group": {"type": "string"},
                "class": {"type": "string", "description": "Becomes the alert's name; without it, the summary does"},
                "custom_details": {},
            },
        },
    },
}


class Processed(BaseModel):
    """PagerDuty's own answer."""

    status: str
    message: str
    dedup_key: str


@router.post(
    "/v2/enqueue",
    status_code=202,
    responses={202: {"model": Processed}},
    openapi_extra=takes("application/json", schema=_EVENT),
    summary="Take an event as PagerDuty does",
)
async def enqueue(request: Request, _documented: Documented) -> Response:
    """Accept an event; the key is the body's when no header has one, as senders to PagerDuty have it."""
    parts = parts_of(request)
    integration = integration_of(request)
    known = "authorization" in request.headers
    if known:
        await allowed(request)
    async with body_of(request, _FORMAT) as body:
        if not known:
            await allowed(request, routing_key(body) or "")
        event, signal = parse(body, integration, parts.intake.now_microseconds(), new_id())
        if signal is None:
            ALERTS_ACKNOWLEDGED.labels(_FORMAT).inc()
        else:
            await parts.intake.signals(_FORMAT, integration.name, [signal], request.headers)
    return answer({"status": "success", "message": "Event processed", "dedup_key": event.dedup_key}, 202)
