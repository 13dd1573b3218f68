"""The webhooks of Alertmanager and Grafana."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from alerting.ingest.formats.labelled import Parsed
from alerting.ingest.formats.webhook import parse_alertmanager, parse_grafana
from alerting.ingest.integration import Integration
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.exchange import Received, all_right, answer, body_of, takes
from alerting.ingest.routes.labelled import LABELLED
from alerting.ingest.sender import Sender

router = APIRouter(tags=["webhooks"])

_ALERT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["status", "labels"],
    "properties": {
        "status": {"enum": ["firing", "resolved"], "description": "Whether it fires or is over."},
        **LABELLED,
        "endsAt": {
            "type": "string",
            "format": "date-time",
            "description": "When it ended; now when it is absent. Of one that fires it is a guess.",
        },
    },
}
_ALERTS: Final = {"type": "array", "items": _ALERT, "description": "The alerts."}
_EXAMPLE: Final = {
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "QueueFull", "severity": "critical", "job": "payments"},
            "annotations": {"summary": "12,000 messages wait"},
            "startsAt": "2026-01-31T08:00:00Z",
        }
    ]
}
_RECEIVED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": Received, "description": "The broker has the firing alerts"}
}

Parse = Callable[[bytes, Integration, int], Parsed]


@router.post(
    "/alertmanager",
    status_code=202,
    responses=_RECEIVED,
    openapi_extra=takes(
        {
            "type": "object",
            "required": ["version", "alerts"],
            "properties": {"version": {"const": "4", "description": "The webhook's version."}, "alerts": _ALERTS},
        },
        {"application/json": {"version": "4", **_EXAMPLE}},
    ),
    summary="Take Alertmanager's webhook",
)
async def alertmanager_webhook(request: Request, _sender: Sender) -> Response:
    """Accept all alerts of a notification of an Alertmanager, or none of them."""
    return await _take(request, "alertmanager-webhook", parse_alertmanager)


@router.post(
    "/grafana",
    status_code=202,
    responses=_RECEIVED,
    openapi_extra=takes(
        {"type": "object", "required": ["alerts"], "properties": {"alerts": _ALERTS}}, {"application/json": _EXAMPLE}
    ),
    summary="Take Grafana's webhook",
)
async def grafana_webhook(request: Request, _sender: Sender) -> Response:
    """Accept all alerts of a notification of Grafana's alerting, or none of them."""
    return await _take(request, "grafana", parse_grafana)


async def _take(request: Request, sender_format: str, parse: Parse) -> Response:
    parts = parts_of(request)
    integration = integration_of(request)
    async with body_of(request, sender_format) as body:
        parsed = parse(body, integration, parts.intake.now_microseconds())
        all_right(parsed.rejects)
        accepted = await parts.intake.signals(sender_format, integration.name, parsed.signals, request.headers)
    return answer({"alert_ids": accepted, "resolved": len(parsed.signals) - len(accepted)}, 202)
