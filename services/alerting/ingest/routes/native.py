"""``POST /api/v1/alerts``: our own format."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response

from alerting.ingest.alert import MOST_ALERTS, MOST_CHARACTERS, MOST_KEYS, text
from alerting.ingest.fingerprint import stable_id
from alerting.ingest.formats.native import named, parse
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.exchange import Accepted, all_right, answer, body_of, takes
from alerting.ingest.sender import Sender

router = APIRouter(tags=["alerts"])

_FORMAT: Final = "native"
_LINES: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines")

_EXAMPLE: Final = {"severity": "HIGH", "source": "payments", "name": "QueueFull", "context": {"region": "eu"}}
_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}
_ALERT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["severity", "source", "name"],
    "additionalProperties": False,
    "properties": {
        "alert_id": {
            **_TEXT,
            "description": "Made when it is absent; the same again is a repetition.",
        },
        "severity": {
            "enum": ["LOW", "MEDIUM", "HIGH", "CRITICAL"],
            "description": "How bad it is, in upper or lower case.",
        },
        "source": {**_TEXT, "description": "What raises it, such as a service."},
        "name": {**_TEXT, "description": "What it is about: alerts of a kind have the same."},
        "context": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "maxProperties": MOST_KEYS,
            "description": "Whatever else there is to say; at most 16 KiB of keys and values together.",
        },
        "event_ts": {
            "oneOf": [{"type": "number", "description": "Unix seconds."}, {"type": "string", "format": "date-time"}],
            "description": "When it happened; now when it is absent.",
        },
    },
}
_LINES_EXAMPLE: Final = (
    '{"severity": "HIGH", "source": "payments", "name": "QueueFull"}\n'
    '{"severity": "LOW", "source": "payments", "name": "Deployed"}\n'
)
_BODY: Final = {"oneOf": [_ALERT, {"type": "array", "items": _ALERT, "maxItems": MOST_ALERTS}]}


@router.post(
    "/api/v1/alerts",
    status_code=202,
    responses={202: {"model": Accepted, "description": "The broker has the alerts"}},
    openapi_extra=takes(_BODY, {"application/json": _EXAMPLE, "application/x-ndjson": _LINES_EXAMPLE}),
    summary="Send an alert, an array of them, or one on each line",
)
async def send_alerts(
    request: Request,
    sender: Sender,
    idempotency_key: Annotated[
        str | None, Header(description="Makes a repetition of the request known as one.", examples=["deploy-77"])
    ] = None,
) -> Response:
    """Accept all alerts of the request, or none of them."""
    parts = parts_of(request)
    async with body_of(request, _FORMAT) as body:
        key = None if idempotency_key is None else text(idempotency_key, "Idempotency-Key")
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        parsed = parse(body, lines=media_type in _LINES, now=int(parts.intake.now()))
        all_right(parsed.rejects)
        if key is None:
            alerts = [named(alert) for alert in parsed.alerts]
        else:
            alerts = [
                named(alert, stable_id(_FORMAT, sender.key_id, key, str(place)))
                for place, alert in enumerate(parsed.alerts)
            ]
        await parts.intake.alerts(_FORMAT, integration_of(request).name, alerts, request.headers)
    return answer({"alert_ids": [alert.alert_id for alert in alerts]}, 202)
