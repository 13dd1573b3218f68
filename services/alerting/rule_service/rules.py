"""``/api/v1/rules`` and ``/api/v1/clients/{client_id}/rules``: which alerts a client wants to be told of.

Every change of rules is a new version of the rule set. Changing or deleting a rule needs its own (``If-Match``).
"""

from typing import Annotated

from fastapi import Body, Response

from alerting.rule_service import endpoint_requests, rule_writes
from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.outbox import MOST_CHANGES
from alerting.rule_service.preconditions import IfMatch, etag
from alerting.rule_service.rule_requests import (
    CreatedRule,
    CreatedRules,
    Rule,
    RuleCreate,
    RulePatch,
    check_new,
)
from alerting.rule_service.settings import Config
from alerting.rule_service.store import endpoints
from alerting.rule_service.store import rules as store
from alerting.rule_service.store.rule_lists import with_endpoints
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import ClientPathId, RulePathId
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.problem import Fault, Problem

BATCH_SUFFIX = "/rules/batch"

routes = router("rules")


@routes.post(
    "/clients/{client_id}/rules",
    status_code=201,
    responses=problems(404, 409, 413),
    response_description="The new rule, with its endpoints",
)
async def create_rule(
    caller: Tenant, database: Database, config: Config, client_id: ClientPathId, body: RuleCreate, response: Response
) -> CreatedRule:
    """Create a rule, and its endpoints with it. The answer has the secrets of its webhooks, which are shown once."""
    try:
        check_new([body], config)
        async with database.change_rules() as changes:
            made = await rule_writes.create_rules(changes, caller, client_id, [body])
            rule = await _answer(changes.connection, made.rules[0], response)
            rows = await endpoints.find_all(changes.connection, made.endpoint_ids)
    except Problem as problem:
        # There is one rule: which of them is at fault needs no saying.
        faults = [Fault(field=fault.field, message=fault.message) for fault in problem.errors]
        raise Problem(problem.status, problem.detail, faults, problem.headers) from None
    response.headers["location"] = f"/api/v1/rules/{rule.id}"
    created = [endpoint_requests.created(row, made.secrets) for row in rows]
    return CreatedRule(**rule.model_dump(), created_endpoints=created)


@routes.post(
    "/clients/{client_id}" + BATCH_SUFFIX,
    status_code=201,
    responses=problems(404, 409, 413),
    response_description="The new rules",
)
async def create_rules_batch(
    caller: Tenant,
    database: Database,
    config: Config,
    client_id: ClientPathId,
    bodies: Annotated[
        list[RuleCreate],
        Body(
            min_length=1,
            max_length=MOST_CHANGES,
            examples=[
                [
                    {"id": "payments-down", "severity": "CRITICAL", "source": "payments", "name": "*"},
                    {"id": "disk-full", "severity": "*", "source": "*", "name": "DiskFull"},
                ]
            ],
        ),
    ],
) -> CreatedRules:
    """Create up to 10,000 rules, all or none, in one version of the rule set."""
    check_new(bodies, config)
    async with database.change_rules() as changes:
        made = await rule_writes.create_rules(changes, caller, client_id, bodies)
        rows = await with_endpoints(changes.connection, made.rules)
    return CreatedRules(rules_version=changes.version or 0, items=[Rule.model_validate(row) for row in rows])


@routes.get("/rules/{rule_id}", responses=problems(404), response_description="The rule")
async def get_rule(caller: Tenant, database: Database, rule_id: RulePathId, response: Response) -> Rule:
    """Return a rule."""
    async with database.read() as connection:
        row = found(await store.find(connection, rule_id, caller.client_id), "rule")
        return await _answer(connection, row, response)


@routes.patch(
    "/rules/{rule_id}", responses=problems(404, 409, 412, 413, 428), response_description="The rule as it is now"
)
async def update_rule(
    caller: Tenant,
    database: Database,
    config: Config,
    rule_id: RulePathId,
    body: RulePatch,
    response: Response,
    if_match: IfMatch = None,
) -> Rule:
    """Change some fields of a rule, or disable it."""
    async with database.change_rules() as changes:
        row = await rule_writes.update_rule(changes, caller, rule_id, body, if_match, config)
        return await _answer(changes.connection, row, response)


@routes.delete(
    "/rules/{rule_id}", status_code=204, responses=problems(404, 412, 428), response_description="It is deleted"
)
async def delete_rule(caller: Tenant, database: Database, rule_id: RulePathId, if_match: IfMatch = None) -> None:
    """Delete a rule and its endpoints."""
    async with database.change_rules() as changes:
        await rule_writes.delete_rule(changes, caller, rule_id, if_match)


async def _answer(connection: AsyncConnection, row: Row, response: Response) -> Rule:
    response.headers["etag"] = etag(row["version"])
    (rule,) = await with_endpoints(connection, [row])
    return Rule.model_validate(rule)
