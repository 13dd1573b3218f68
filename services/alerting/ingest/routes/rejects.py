"""``GET /api/v1/rejects``: the last alerts that were refused."""

from fastapi import APIRouter, Request

from alerting.ingest.parts import parts_of
from alerting.ingest.rejects import KeptReject
from alerting.ingest.sender import Sender
from alerting.runtime.described import Described

router = APIRouter(tags=["alerts"])


class Rejects(Described):
    """The newest first."""

    items: list[KeptReject]
    """The alerts that were refused."""


@router.get(
    "/api/v1/rejects",
    summary="List the last alerts that were refused",
    response_description="The alerts that were refused",
)
async def list_rejects(request: Request, _sender: Sender) -> Rejects:
    """List the last hundred alerts that were refused, by any process of ingest, in the last thirty days."""
    parts = parts_of(request)
    await parts.activity.hand_over()
    return Rejects(items=await parts.journal.rejects())
