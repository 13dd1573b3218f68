"""``GET /api/v1/endpoints`` and a rule's endpoints: filtered, searched and sorted, in pages, without what is secret."""

from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import Field

from alerting.rule_service.access import Tenant, confined, found, problems, router
from alerting.rule_service.endpoint_requests import Health, Retry, shown
from alerting.rule_service.endpoint_values import EndpointType
from alerting.rule_service.pagination import MOST_COUNTED, Count, Page
from alerting.rule_service.sorting import SORTED, Column, SortedPaging, check_time
from alerting.rule_service.store import endpoint_lists as store
from alerting.rule_service.store import rules
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import (
    CreatedAt,
    Filter,
    RulePathId,
    RuleSeverity,
    Search,
    Text,
    UpdatedAt,
    Version,
    searched,
)
from alerting.runtime.described import Described

_LISTED: Final = "endpoints"

routes = router("endpoints")


class RuleBrief(Described):
    """What a rule matches."""

    severity: RuleSeverity
    """The severity that it matches; `*` matches any."""
    source: str
    """The source that it matches; `*` matches any."""
    name: str
    """The name that it matches; `*` matches any."""


class EndpointSummary(Described):
    """An endpoint as lists have it: without its value, which may be a secret."""

    id: str
    """Its id, a UUID."""
    rule_id: str
    """The rule that it is of."""
    client_id: str
    """The client that the rule is of."""
    type: EndpointType
    """How it is told."""
    shown: str
    """An e-mail address whole; of a URL its scheme, its host and at most the last four characters."""
    enabled: bool
    """Whether it is told at all."""
    disabled_reason: str | None
    """Why the platform disabled it; null when a person did, or it is enabled."""
    retry: Retry
    """How persistently it is tried."""
    fallback: bool
    """Whether it is told only when the rule's other endpoints could not be."""
    health: Health
    """How the receiver at its address fares."""
    rule: RuleBrief
    """What its rule matches."""
    version: Version
    created_at: CreatedAt
    updated_at: UpdatedAt


class EndpointPage(Page[EndpointSummary]):
    """One page of endpoints."""


class EndpointFilter(Filter):
    """Which endpoints."""

    client_id: Text | None = Field(None, description="Only those of this client.")
    rule_id: Text | None = Field(None, description="Only those of this rule.")
    type: EndpointType | None = Field(None, description="Only those that are told in this way.")
    enabled: bool | None = Field(None, description="Only enabled ones, or only disabled ones.")
    health: Literal["ok", "failing", "open", "disabled"] | None = Field(
        None, description="Only those that fare so: enabled ones as their receivers do, the others are `disabled`."
    )
    search: Search | None = Field(None, description=searched("its id, its rule's id or the address"))


EndpointSort = Literal[
    "id", "-id", "client_id", "-client_id", "type", "-type", "updated_at", "-updated_at"
]  # fmt: skip


class EndpointOrder(SortedPaging):
    """In which order to list a rule's endpoints."""

    sort: EndpointSort = Field("id", description=SORTED)


class EndpointFilters(SortedPaging, EndpointFilter):
    """Which endpoints to list, in which order."""

    sort: EndpointSort = Field("id", description=SORTED)


COLUMNS: Final = {name: Column(name) for name in ("id", "client_id", "type")} | {
    "updated_at": Column("updated_at", check=check_time)
}


@routes.get(
    "/rules/{rule_id}/endpoints", responses=problems(404), response_description="A page of the rule's endpoints"
)
async def list_rule_endpoints(
    caller: Tenant, database: Database, rule_id: RulePathId, filters: Annotated[EndpointOrder, Query()]
) -> EndpointPage:
    """List a rule's endpoints."""
    listing = filters.listing(_LISTED, COLUMNS, rule_id=rule_id)
    async with database.read() as connection:
        found(await rules.find(connection, rule_id, caller.client_id), "rule")
        rows = await store.page(connection, {"rule_id": rule_id}, None, listing)
    return listing.page(EndpointPage, [shown(row) for row in rows])


@routes.get("/endpoints", response_description="A page of the endpoints")
async def list_endpoints(
    caller: Tenant, database: Database, filters: Annotated[EndpointFilters, Query()]
) -> EndpointPage:
    """List the endpoints that the key may see."""
    listing = filters.listing(_LISTED, COLUMNS)
    equal = confined(filters.equal(), caller)
    if equal is None:
        return listing.page(EndpointPage, [])
    async with database.read() as connection:
        rows = await store.page(connection, equal, filters.search, listing)
    return listing.page(EndpointPage, [shown(row) for row in rows])


@routes.get("/endpoints/count", response_description="How many there are")
async def count_endpoints(caller: Tenant, database: Database, filters: Annotated[EndpointFilter, Query()]) -> Count:
    """Count the endpoints that the key may see, to a bound of 10,000."""
    equal = confined(filters.equal(), caller)
    if equal is None:
        return Count.of(0)
    async with database.read() as connection:
        return Count.of(await store.count(connection, equal, filters.search, MOST_COUNTED + 1))
