"""``POST /api/v1/preview``: what would become of an alert, before anything is sent."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alerting.ingest.documents import decode
from alerting.ingest.faults import Unreadable
from alerting.ingest.integration import DEFAULT, IntegrationName, SeverityWord
from alerting.ingest.parts import parts_of
from alerting.ingest.preview import Pasted, preview
from alerting.ingest.routes.exchange import faults, takes
from alerting.runtime.auth import GuardedRoute, Principal, require
from alerting.runtime.described import Described
from alerting.runtime.problem import Fault, Problem, fault_of

router = APIRouter(tags=["preview"], route_class=GuardedRoute)

MOST_SHOWN: Final = 100

_EXAMPLE: Final = {
    "format": "prometheus",
    "body": [{"labels": {"alertname": "QueueFull", "severity": "critical", "job": "payments"}}],
}

Trying = Annotated[Principal, Depends(require("ingest", "client"))]


class PreviewRequest(BaseModel):
    """Something that was pasted, and how it is to be read."""

    model_config = ConfigDict(extra="forbid")

    format: Pasted = Field(
        description="`prometheus`: alerts with labels, as Prometheus, Alertmanager and Grafana have; `native`: ours."
    )
    body: Any = Field(description="An alert, an array of them, or a webhook: as JSON, or as the text of it.")
    integration: IntegrationName = Field(DEFAULT, description="The integration whose settings read the labels.")


class PreviewAlert(Described):
    """An alert as the platform would have it."""

    severity: SeverityWord
    """Its severity."""
    source: str
    """Its source."""
    name: str
    """Its name."""
    context: dict[str, str]
    """Whatever else it says."""
    firing: bool
    """Whether it would be matched: one that is resolved only ends what it was."""


class Preview(Described):
    """What would become of what was pasted."""

    alerts: list[PreviewAlert]
    """The alerts that would be accepted: the first hundred."""
    rejects: list[Fault]
    """What is wrong with the others: the first hundred."""
    accepted: int
    """How many would be accepted."""
    rejected: int
    """How many would be refused."""


@router.post(
    "/api/v1/preview",
    openapi_extra=takes(PreviewRequest.model_json_schema(), {"application/json": _EXAMPLE}),
    summary="See what ingest would make of an alert",
    response_description="What would become of them",
)
async def post_preview(request: Request, _caller: Trying) -> Preview:
    """Read alerts as they would be read if they were sent. Nothing is sent, and nothing counted."""
    parts = parts_of(request)
    wanted = await _wanted(request)
    integration = parts.integrations.get(wanted.integration)
    # Of a body of the largest size, that takes a while, and senders are not to wait for it.
    found = await asyncio.to_thread(preview, wanted.format, wanted.body, integration, parts.intake.now_microseconds())
    return Preview(
        alerts=[PreviewAlert.model_validate(alert._asdict()) for alert in found.alerts[:MOST_SHOWN]],
        rejects=faults(found.rejects),
        accepted=len(found.alerts),
        rejected=len(found.rejects),
    )


async def _wanted(request: Request) -> PreviewRequest:
    try:
        async with parts_of(request).bodies.read(request) as body:
            return PreviewRequest.model_validate(decode(body))
    except Unreadable as error:
        raise Problem(error.status, f"{error.field}: {error.detail}") from None
    except ValidationError as error:
        found = [fault_of({**each, "loc": ("body", *each["loc"])}) for each in error.errors(include_url=False)]
        raise Problem(422, f"{found[0].field}: {found[0].message}", found) from None
