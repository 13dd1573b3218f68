"""``/api/v1/catalog``: what a job may be made of, for those who are about to ask for one."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from alerting.alert_producer.answers import Catalog, CatalogSource, Limits
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.runtime.auth import GuardedRoute, Principal, require

routes = APIRouter(prefix="/api/v1/catalog", tags=["catalog"], route_class=GuardedRoute)


@routes.get("", response_description="The catalog")
async def get_catalog(request: Request, _caller: Annotated[Principal, Depends(require())]) -> Catalog:
    """Return the sources that alerts are drawn from, and the limits of a job."""
    settings: AlertProducerSettings = request.app.state.settings
    counts = Counter(alert.source for alert in request.app.state.catalog)
    return Catalog(
        sources=[CatalogSource(source=source, alerts=number) for source, number in sorted(counts.items())],
        limits=Limits(
            max_jobs=settings.producer_max_jobs,
            max_rps=settings.producer_max_rps,
            max_count=settings.producer_max_count,
            max_duration=settings.producer_max_duration,
        ),
    )
