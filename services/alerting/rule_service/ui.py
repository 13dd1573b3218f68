"""``GET /api/v1/ui``: what the UI has to know of this deployment."""

from typing import Annotated

from fastapi import Depends

from alerting import __version__
from alerting.rule_service.access import router
from alerting.rule_service.settings import Config
from alerting.runtime.auth import Principal, require
from alerting.runtime.described import Described

routes = router("ui")

Anybody = Annotated[Principal, Depends(require("client", "ingest"))]


class Deployment(Described):
    """The deployment, as its users meet it."""

    ingest_url: str
    """Where senders of alerts send them."""
    version: str
    """The platform's version."""
    allow_catch_all_rules: bool
    """Whether a rule may match every alert."""


@routes.get("/ui", response_description="What the UI shows of the deployment")
async def get_deployment(_caller: Anybody, settings: Config) -> Deployment:
    """Tell what the UI shows of this deployment."""
    return Deployment(
        ingest_url=settings.public_ingest_url or settings.ingest_url,
        version=__version__,
        allow_catch_all_rules=settings.allow_catch_all_rules,
    )
