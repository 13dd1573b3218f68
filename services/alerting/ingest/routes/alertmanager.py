"""Alertmanager's API v2, as far as Prometheus, Grafana and amtool use it."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from alerting import __version__
from alerting.ingest.faults import Rejected
from alerting.ingest.formats.alertmanager import parse
from alerting.ingest.listing import AlertGroup, Filter, OpenAlert, Receiver, grouped, listed
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.routes.dialect import DialectRoute
from alerting.ingest.routes.exchange import Refused, answer, body_of, faults, note_rejects, takes
from alerting.ingest.routes.labelled import LABELLED
from alerting.ingest.routing_tree import NO_RULE, configuration
from alerting.ingest.sender import Sender
from alerting.ingest.timestamps import rfc_3339
from alerting.runtime.described import Described
from alerting.runtime.problem import Fault, Problem

router = APIRouter(prefix="/api/v2", tags=["Alertmanager API v2"], route_class=DialectRoute)

_FORMAT: Final = "alertmanager"
_EXAMPLE: Final = [
    {
        "labels": {"alertname": "QueueFull", "severity": "critical", "job": "payments"},
        "annotations": {"summary": "12,000 messages wait"},
        "generatorURL": "https://prometheus.shop.example/graph?g0.expr=queue_length",
    }
]
_ALERTS: Final[dict[str, Any]] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["labels"],
        "properties": {
            **LABELLED,
            "endsAt": {
                "type": "string",
                "format": "date-time",
                "description": "When it ends, or ended; five minutes from now when it is absent.",
            },
        },
    },
}


Matchers = Annotated[
    list[str] | None,
    Query(alias="filter", description='Only alerts with such labels: each is a matcher like `alertname="Disk"`.'),
]
ReceiverExpression = Annotated[
    str | None, Query(description="Only alerts with such a receiver: a regular expression for the whole of its name.")
]
Active = Annotated[bool, Query(description="With false, none: what is listed is active.")]


class Outcome(Described):
    """What became of a batch."""

    accepted: int
    """Alerts that fire, which the broker has."""
    resolved: int
    """Alerts that are over."""
    rejected: int
    """Alerts that are wrong."""
    errors: list[Fault]
    """What is wrong with those that were rejected: the first hundred."""


class AlertmanagerStatus(Described):
    """What Alertmanager says about itself."""

    cluster: dict[str, object]
    """That it is no cluster."""
    versionInfo: dict[str, str]  # noqa: N815
    """The platform's version, and nothing of its build."""
    config: dict[str, str]
    """The rules, as a configuration that routes alerts in their way."""
    uptime: str
    """When the process started, RFC 3339 in UTC."""


@router.post(
    "/alerts",
    responses={200: {"model": Outcome, "description": "The broker has the valid alerts"}},
    openapi_extra=takes(_ALERTS, {"application/json": _EXAMPLE}),
    summary="Send alerts as Prometheus does",
)
async def post_alerts(request: Request, _sender: Sender) -> Response:
    """Accept the valid alerts of a batch: its sender would lose all of them for the sake of one that is not."""
    parts = parts_of(request)
    integration = integration_of(request)
    async with body_of(request, _FORMAT) as body:
        parsed = parse(body, integration, parts.intake.now_microseconds())
        if parsed.rejects and not parsed.signals:
            raise Refused(parsed.rejects)
        accepted = await parts.intake.signals(_FORMAT, integration.name, parsed.signals, request.headers)
        if parsed.rejects:
            note_rejects(request, _FORMAT, parsed.rejects)
    return answer(
        {
            "accepted": len(accepted),
            "resolved": len(parsed.signals) - len(accepted),
            "rejected": len(parsed.rejects),
            "errors": [fault.model_dump(exclude_none=True) for fault in faults(parsed.rejects)],
        }
    )


@router.get(
    "/alerts",
    responses={200: {"model": list[OpenAlert], "description": "The alerts that fire"}},
    summary="List what is firing",
)
async def get_alerts(
    request: Request,
    _sender: Sender,
    matcher: Matchers = None,
    receiver: ReceiverExpression = None,
    *,
    active: Active = True,
) -> Response:
    """List the integration's alerts that fire; their receivers are the newest rules that match them."""
    return answer(await _listed(request, matcher, receiver, active=active))


@router.get(
    "/alerts/groups",
    responses={200: {"model": list[AlertGroup], "description": "The alerts that fire, by receiver"}},
    summary="List what is firing by receiver",
)
async def get_alert_groups(
    request: Request,
    _sender: Sender,
    matcher: Matchers = None,
    receiver: ReceiverExpression = None,
    *,
    active: Active = True,
) -> Response:
    """List the integration's alerts that fire, by the rules that match them."""
    return answer(grouped(await _listed(request, matcher, receiver, active=active)))


async def _listed(
    request: Request, written: list[str] | None, receiver: str | None, *, active: bool
) -> list[OpenAlert]:
    try:
        wanted = Filter(written or (), receiver, active=active)
    except Rejected as error:
        raise Problem(400, str(error), [Fault(field=error.field, message=error.message)]) from None
    parts = parts_of(request)
    integration = integration_of(request)
    rules = await parts.rules.current()
    firing = await parts.episodes.firing(integration.name)
    return await asyncio.to_thread(listed, firing, integration, rules, wanted)


@router.get(
    "/receivers",
    responses={200: {"model": list[Receiver], "description": "The receivers"}},
    summary="List the rules as receivers",
)
async def get_receivers(request: Request, _sender: Sender) -> Response:
    """List the ids of the newest rules, and the receiver of alerts that no rule matches."""
    rules = await parts_of(request).rules.current()
    return answer([{"name": NO_RULE}, *({"name": rule.id} for rule in rules.all)])


@router.get(
    "/status",
    responses={200: {"model": AlertmanagerStatus, "description": "What Alertmanager says about itself"}},
    summary="Tell the version, and the rules as a configuration",
)
async def get_status(request: Request, _sender: Sender) -> Response:
    """Tell what amtool and Grafana ask first; the configuration routes alerts as the newest rules match them."""
    parts = parts_of(request)
    rules = await parts.rules.current()
    original = await asyncio.to_thread(configuration, rules, integration_of(request))
    version = dict.fromkeys(("branch", "buildDate", "buildUser", "goVersion", "revision"), "")
    return answer(
        {
            "cluster": {"name": "", "status": "disabled", "peers": []},
            "versionInfo": version | {"version": __version__},
            "config": {"original": original},
            "uptime": rfc_3339(parts.started_at),
        }
    )


@router.get(
    "/silences",
    responses={200: {"model": list[dict[str, object]], "description": "None"}},
    summary="List the silences: none",
)
async def get_silences(_sender: Sender) -> Response:
    """Answer those who list silences before anything else."""
    return answer([])


@router.post(
    "/silences", status_code=501, summary="Silences are not supported", response_description="Nothing is silenced"
)
async def post_silences(_sender: Sender) -> Response:
    """Say clearly that nothing is silenced."""
    raise Problem(501, "silences are not supported: disable the rule instead")
