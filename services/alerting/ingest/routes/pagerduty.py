"""PagerDuty's Events API, version 2."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from alerting.ingest.formats.pagerduty import parse, routing_key
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.exchange import answer, body_of, takes
from alerting.ingest.sender import Documented, allowed
from alerting.runtime.described import Described
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import ALERTS_ACKNOWLEDGED

router = APIRouter(tags=["PagerDuty Events v2"])

_FORMAT: Final = "pagerduty"
_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["event_action"],
    "properties": {
        "routing_key": {"type": "string", "description": "The API key, unless there is an `Authorization` header."},
        "event_action": {
            "enum": ["trigger", "acknowledge", "resolve"],
            "description": "`acknowledge` is taken, and changes nothing.",
        },
        "dedup_key": {
            "type": "string",
            "maxLength": 255,
            "description": "What makes events of one alert known as such; made when a trigger has none.",
        },
        "payload": {
            "type": "object",
            "description": "Needed to trigger.",
            "required": ["summary", "source", "severity"],
            "properties": {
                "summary": {"type": "string", "maxLength": 1_024, "description": "What happened."},
                "source": {"type": "string", "maxLength": 255, "description": "Becomes the alert's source."},
                "severity": {
                    "enum": ["critical", "error", "warning", "info"],
                    "description": "By default they become `CRITICAL`, `HIGH`, `MEDIUM` and `LOW`.",
                },
                "timestamp": {
                    "type": "string",
                    "format": "date-time",
                    "description": "When it happened; now when it is absent.",
                },
                "component": {"type": "string", "description": "Goes into the alert's context."},
                "group": {"type": "string", "description": "Goes into the alert's context."},
                "class": {"type": "string", "description": "Becomes the alert's name; without it, the summary does."},
                "custom_details": {"description": "Whatever else there is to say: it goes into the alert's context."},
            },
        },
    },
}


_EXAMPLE: Final = {
    "event_action": "trigger",
    "dedup_key": "payments-queue",
    "payload": {"summary": "12,000 messages wait", "source": "payments", "severity": "critical", "class": "QueueFull"},
}


class Processed(Described):
    """PagerDuty's own answer."""

    status: str
    """Always `success`."""
    message: str
    """Always `Event processed`."""
    dedup_key: str
    """The event's key, given or made: an event that resolves it has to name it."""


@router.post(
    "/v2/enqueue",
    status_code=202,
    responses={202: {"model": Processed, "description": "The broker has the alert, if it is one"}},
    openapi_extra=takes(_EVENT, {"application/json": _EXAMPLE}),
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
