"""``GET /api/v1/endpoints`` and a rule's endpoints: filtered, searched and sorted, in pages, without what is secret."""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import BaseModel

from alerting.rule_service.access import Tenant, confined, found, problems, router
from alerting.rule_service.endpoint_requests import Health, Retry, shown
from alerting.rule_service.endpoint_values import EndpointType
from alerting.rule_service.pagination import MOST_COUNTED, Count, Page
from alerting.rule_service.sorting import Column, SortedPaging, check_time
from alerting.rule_service.store import endpoint_lists as store
from alerting.rule_service.store import rules
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import Filter, PathId, RuleSeverity, Search, Text

_LISTED: Final = "endpoints"

routes = router("endpoints")


class RuleBrief(BaseModel):
    """What a rule matches."""

    severity: RuleSeverity
    source: str
    name: str


class EndpointSummary(BaseModel):
    """An endpoint as lists have it: without its value, which may be a secret."""

    id: str
    rule_id: str
    client_id: str
    type: EndpointType
    shown: str
    """An e-mail address whole; of a URL its scheme, its host and at most the last four characters."""
    enabled: bool
    disabled_reason: str | None
    """Why the platform disabled it; null when a person did."""
    retry: Retry
    fallback: bool
    health: Health
    rule: RuleBrief
    version: int
    created_at: datetime
    updated_at: datetime


class EndpointFilter(Filter):
    """Which endpoints."""

    client_id: Text | None = None
    rule_id: Text | None = None
    type: EndpointType | None = None
    enabled: bool | None = None
    health: Literal["ok", "failing", "open", "disabled"] | None = None
    """Of an enabled endpoint its receiver's; of another, `disabled`."""
    search: Search | None = None


EndpointSort = Literal[
    "id", "-id", "client_id", "-client_id", "type", "-type", "updated_at", "-updated_at"
]  # fmt: skip


class EndpointOrder(SortedPaging):
    """In which order to list a rule's endpoints."""

    sort: EndpointSort = "id"


class EndpointFilters(SortedPaging, EndpointFilter):
    """Which endpoints to list, in which order."""

    sort: EndpointSort = "id"


COLUMNS: Final = {name: Column(name) for name in ("id", "client_id", "type")} | {
    "updated_at": Column("updated_at", check=check_time)
}


@routes.get("/rules/{rule_id}/endpoints", responses=problems(404))
async def list_rule_endpoints(
    caller: Tenant, database: Database, rule_id: PathId, filters: Annotated[EndpointOrder, Query()]
) -> Page[EndpointSummary]:
    """List a rule's endpoints."""
    listing = filters.listing(_LISTED, COLUMNS, rule_id=rule_id)
    async with database.read() as connection:
        found(await rules.find(connection, rule_id, caller.client_id), "rule")
        rows = await store.page(connection, {"rule_id": rule_id}, None, listing)
    return listing.page(EndpointSummary, [shown(row) for row in rows])


@routes.get("/endpoints")
async def list_endpoints(
    caller: Tenant, database: Database, filters: Annotated[EndpointFilters, Query()]
) -> Page[EndpointSummary]:
    """List the endpoints that the key may see."""
    listing = filters.listing(_LISTED, COLUMNS)
    equal = confined(filters.equal(), caller)
    if equal is None:
        return listing.page(EndpointSummary, [])
    async with database.read() as connection:
        rows = await store.page(connection, equal, filters.search, listing)
    return listing.page(EndpointSummary, [shown(row) for row in rows])


@routes.get("/endpoints/count")
async def count_endpoints(caller: Tenant, database: Database, filters: Annotated[EndpointFilter, Query()]) -> Count:
    """Count the endpoints that the key may see, to a bound of 10,000."""
    equal = confined(filters.equal(), caller)
    if equal is None:
        return Count.of(0)
    async with database.read() as connection:
        return Count.of(await store.count(connection, equal, filters.search, MOST_COUNTED + 1))
