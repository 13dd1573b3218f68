"""``GET /api/v1/rejects``: the last alerts that this process refused."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from alerting.ingest.parts import parts_of
from alerting.ingest.rejects import KeptReject
from alerting.ingest.routes.exchange import answer
from alerting.ingest.sender import Sender

router = APIRouter(tags=["alerts"])


class Rejects(BaseModel):
    """The newest first."""

    items: list[KeptReject]


@router.get("/api/v1/rejects", responses={200: {"model": Rejects}}, summary="List the last alerts that were refused")
async def list_rejects(request: Request, _sender: Sender) -> Response:
    """List the last hundred alerts that this process refused; a restart forgets them, the metric does not."""
    return answer({"items": parts_of(request).rejects.newest_first()})
