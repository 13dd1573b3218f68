"""``GET /api/v1/ui``: what the UI has to know of this deployment."""

from pydantic import BaseModel

from alerting import __version__
from alerting.rule_service.access import Tenant, router
from alerting.rule_service.settings import Config

routes = router("ui")


class Deployment(BaseModel):
    """The deployment, as its users meet it."""

    ingest_url: str
    """Where senders of alerts send them."""
    version: str
    allow_catch_all_rules: bool


@routes.get("/ui")
async def get_deployment(_caller: Tenant, settings: Config) -> Deployment:
    """Tell what the UI shows of this deployment."""
    return Deployment(
        ingest_url=settings.public_ingest_url or settings.ingest_url,
        version=__version__,
        allow_catch_all_rules=settings.allow_catch_all_rules,
    )
