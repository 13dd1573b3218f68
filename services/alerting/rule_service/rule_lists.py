"""``GET /api/v1/rules``, a client's rules, and how many there are: filtered, searched and sorted, in pages."""

from typing import Annotated, Final

from fastapi import Query

from alerting.rule_service.access import Tenant, confined, problems, router, visible_client
from alerting.rule_service.pagination import MOST_COUNTED, Count
from alerting.rule_service.rule_requests import RULE_COLUMNS, AnyRuleFilter, AnyRuleFilters, RuleFilters, RulePage
from alerting.rule_service.store import rule_lists as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import ClientPathId

_LISTED: Final = "rules"

routes = router("rules")


@routes.get("/clients/{client_id}/rules", responses=problems(404), response_description="A page of the client's rules")
async def list_client_rules(
    caller: Tenant, database: Database, client_id: ClientPathId, filters: Annotated[RuleFilters, Query()]
) -> RulePage:
    """List a client's rules."""
    listing = filters.listing(_LISTED, RULE_COLUMNS, client_id=client_id)
    async with database.read() as connection:
        await visible_client(connection, client_id, caller)
        rows = await store.page(connection, filters.equal() | {"client_id": client_id}, filters.search, listing)
    return listing.page(RulePage, rows)


@routes.get("/rules", response_description="A page of the rules")
async def list_rules(caller: Tenant, database: Database, filters: Annotated[AnyRuleFilters, Query()]) -> RulePage:
    """List the rules that the key may see."""
    listing = filters.listing(_LISTED, RULE_COLUMNS)
    equal = confined(filters.equal(), caller)
    if equal is None:
        return listing.page(RulePage, [])
    async with database.read() as connection:
        rows = await store.page(connection, equal, filters.search, listing)
    return listing.page(RulePage, rows)


@routes.get("/rules/count", response_description="How many there are")
async def count_rules(caller: Tenant, database: Database, filters: Annotated[AnyRuleFilter, Query()]) -> Count:
    """Count the rules that the key may see, to a bound of 10,000."""
    equal = confined(filters.equal(), caller)
    if equal is None:
        return Count.of(0)
    async with database.read() as connection:
        return Count.of(await store.count(connection, equal, filters.search, MOST_COUNTED + 1))
