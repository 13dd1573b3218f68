"""``/api/v1/integrations``: who sends, when each was last heard of, and what of theirs was refused."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from alerting.ingest.integration import NAME_PATTERN, IntegrationSettings
from alerting.ingest.journal import IntegrationActivity
from alerting.ingest.parts import integration_of, parts_of
from alerting.ingest.rejects import KeptReject
from alerting.runtime.auth import GuardedRoute, Principal, require
from alerting.runtime.described import Described

router = APIRouter(prefix="/api/v1/integrations", tags=["integrations"], route_class=GuardedRoute)

Asking = Annotated[Principal, Depends(require("ingest"))]


class IntegrationList(Described):
    """The last heard of first; then those that the deployment has settings for and nobody heard of."""

    items: list[IntegrationActivity]
    """The integrations."""


class IntegrationDetail(IntegrationActivity):
    """An integration with its settings, and what of it was refused."""

    rejects: list[KeptReject]
    """The last fifty of its alerts that were refused, the newest first."""
    settings: IntegrationSettings
    """How its alerts are read."""


@router.get("", summary="List the integrations", response_description="The integrations")
async def list_integrations(request: Request, _caller: Asking) -> IntegrationList:
    """List what was heard of in the last thirty days; paths that name no integration are the one called default."""
    parts = parts_of(request)
    await parts.activity.hand_over()
    heard = await parts.journal.integrations()
    silent = sorted(set(parts.integrations.configured) - {each.name for each in heard})
    return IntegrationList(items=[*heard, *(IntegrationActivity(name=name) for name in silent)])


@router.get("/{integration}", summary="Look at an integration", response_description="The integration")
async def get_integration(
    request: Request, integration: Annotated[str, Path(pattern=NAME_PATTERN, description="Its name.")], _caller: Asking
) -> IntegrationDetail:
    """Return an integration. Any name is one: it needs no setting up, and may not have been heard of yet."""
    parts = parts_of(request)
    await parts.activity.hand_over()
    found = await parts.journal.integration(integration)
    rejects = await parts.journal.rejects(integration)
    return IntegrationDetail(**dict(found), rejects=rejects, settings=integration_of(request).settings)
