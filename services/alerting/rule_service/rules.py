"""``/api/v1/rules`` and ``/api/v1/clients/{client_id}/rules``: which alerts a client wants to be told of.

Every change of rules is a new version of the rule set. Changing or deleting a rule needs its own (``If-Match``).
"""

from typing import Annotated

from fastapi import Body, Query, Response

from alerting.rule_service import rule_writes
from alerting.rule_service.access import Tenant, found, problems, router, visible_client
from alerting.rule_service.outbox import MOST_CHANGES
from alerting.rule_service.pagination import Page, page_of
from alerting.rule_service.preconditions import IfMatch, etag
from alerting.rule_service.rule_requests import (
    AllRuleFilters,
    CreatedRules,
    Rule,
    RuleCreate,
    RuleFilters,
    RulePatch,
    check_new,
)
from alerting.rule_service.settings import Config
from alerting.rule_service.store import rules as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import PathId
from alerting.runtime.database import Row
from alerting.runtime.problem import Fault, Problem

BATCH_SUFFIX = "/rules/batch"

routes = router("rules")


@routes.get("/clients/{client_id}/rules", responses=problems(404))
async def list_client_rules(
    caller: Tenant, database: Database, client_id: PathId, filters: Annotated[RuleFilters, Query()]
) -> Page[Rule]:
    """List a client's rules, by id."""
    after = filters.after("rules")
    async with database.read() as connection:
        await visible_client(connection, client_id, caller)
        equal = filters.equal() | {"client_id": client_id}
        rows = await store.page(connection, equal, after, filters.limit)
    return page_of(Rule, "rules", rows, filters.limit)


@routes.post("/clients/{client_id}/rules", status_code=201, responses=problems(404, 409, 413))
async def create_rule(
    caller: Tenant, database: Database, config: Config, client_id: PathId, body: RuleCreate, response: Response
) -> Rule:
    """Create a rule, and its endpoints with it."""
    try:
        check_new([body], config)
        async with database.change_rules() as changes:
            (row,) = await rule_writes.create_rules(changes, caller, client_id, [body])
    except Problem as problem:
        # There is one rule: which of them is at fault needs no saying.
        faults = [Fault(field=fault.field, message=fault.message) for fault in problem.errors]
        raise Problem(problem.status, problem.detail, faults, problem.headers) from None
    response.headers["location"] = f"/api/v1/rules/{row['id']}"
    return _answer(row, response)


@routes.post("/clients/{client_id}" + BATCH_SUFFIX, status_code=201, responses=problems(404, 409, 413))
async def create_rules_batch(
    caller: Tenant,
    database: Database,
    config: Config,
    client_id: PathId,
    bodies: Annotated[list[RuleCreate], Body(min_length=1, max_length=MOST_CHANGES)],
) -> CreatedRules:
    """Create up to 10,000 rules, all or none, in one version of the rule set."""
    check_new(bodies, config)
    async with database.change_rules() as changes:
        rows = await rule_writes.create_rules(changes, caller, client_id, bodies)
    return CreatedRules(rules_version=changes.version or 0, items=[Rule.model_validate(row) for row in rows])


@routes.get("/rules")
async def list_rules(caller: Tenant, database: Database, filters: Annotated[AllRuleFilters, Query()]) -> Page[Rule]:
    """List the rules that the key may see, by id."""
    after = filters.after("rules")
    equal = filters.equal()
    if caller.client_id is not None and equal.setdefault("client_id", caller.client_id) != caller.client_id:
        return Page[Rule](items=[], next_cursor=None)
    async with database.read() as connection:
        rows = await store.page(connection, equal, after, filters.limit)
    return page_of(Rule, "rules", rows, filters.limit)


@routes.get("/rules/{rule_id}", responses=problems(404))
async def get_rule(caller: Tenant, database: Database, rule_id: PathId, response: Response) -> Rule:
    """Return a rule."""
    async with database.read() as connection:
        row = found(await store.find(connection, rule_id, caller.client_id), "rule")
    return _answer(row, response)


@routes.patch("/rules/{rule_id}", responses=problems(404, 409, 412, 413, 428))
async def update_rule(
    caller: Tenant,
    database: Database,
    config: Config,
    rule_id: PathId,
    body: RulePatch,
    response: Response,
    if_match: IfMatch = None,
) -> Rule:
    """Change some fields of a rule, or disable it."""
    async with database.change_rules() as changes:
        row = await rule_writes.update_rule(changes, caller, rule_id, body, if_match, config)
    return _answer(row, response)


@routes.delete("/rules/{rule_id}", status_code=204, responses=problems(404, 412, 428))
async def delete_rule(caller: Tenant, database: Database, rule_id: PathId, if_match: IfMatch = None) -> None:
    """Delete a rule and its endpoints."""
    async with database.change_rules() as changes:
        await rule_writes.delete_rule(changes, caller, rule_id, if_match)


def _answer(row: Row, response: Response) -> Rule:
    response.headers["etag"] = etag(row["version"])
    return Rule.model_validate(row)
