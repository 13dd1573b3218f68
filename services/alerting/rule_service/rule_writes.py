"""Changes rules in a transaction that records the changes: the table, the log and the audit always agree."""

from collections.abc import Sequence
from typing import NamedTuple

from alerting.rule_service.access import found, visible_client
from alerting.rule_service.faults import raise_fault, raise_faults
from alerting.rule_service.outbox import ChangeSet, put, taken
from alerting.rule_service.preconditions import check_version
from alerting.rule_service.rule_requests import RuleCreate, RulePatch, catch_all_faults
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.store import audit, endpoints
from alerting.rule_service.store import rules as store
from alerting.runtime.auth import Principal
from alerting.runtime.database import Row
from alerting.runtime.ids import new_id
from alerting.runtime.problem import Fault


class Created(NamedTuple):
    """What was created together."""

    rules: list[Row]
    endpoint_ids: list[str]
    secrets: dict[str, str]
    """Those that are new, by the endpoint's id."""


async def create_rules(changes: ChangeSet, caller: Principal, client_id: str, bodies: Sequence[RuleCreate]) -> Created:
    """Create a client's rules with their endpoints, all or none, in one version."""
    client = await visible_client(changes.connection, client_id, caller)
    wanted = [
        body.model_dump(exclude={"endpoints"}) | {"id": body.id or new_id(), "client_id": client_id} for body in bodies
    ]
    taken_already = await store.find_taken(changes.connection, wanted)
    raise_faults(409, [_conflict(row, client_id) for row in taken_already])
    rows = await store.insert(changes.connection, wanted)
    places = [
        endpoint.columns() | {"id": new_id(), "rule_id": rule["id"], "client_id": client_id}
        for rule, body in zip(wanted, bodies, strict=True)
        for endpoint in body.endpoints
    ]
    secrets = await endpoints.insert(changes.connection, client_id, places) if places else {}
    await changes.record([put(row, "CREATED", changes.at, live=row["enabled"] and client["enabled"]) for row in rows])
    await audit.write_created_rules(changes.connection, caller.key_id, client_id, rows, changes.version)
    await audit.write_created_endpoints(changes.connection, caller.key_id, client_id, places)
    return Created(rows, [place["id"] for place in places], secrets)


async def update_rule(
    changes: ChangeSet,
    caller: Principal,
    rule_id: str,
    patch: RulePatch,
    if_match: str | None,
    settings: RuleServiceSettings,
) -> Row:
    """Change a rule; a change to what it is already changes nothing, its version neither."""
    before = found(await store.find(changes.connection, rule_id, caller.client_id), "rule")
    check_version(if_match, before["version"], required=True)
    after = before | patch.given()
    if after == before:
        return before
    raise_faults(422, catch_all_faults(after, settings))
    same = await store.find_same(changes.connection, after)
    if same:
        raise_fault(409, "name", _same(same))
    row = found(await store.update(changes.connection, after), "rule")
    await changes.record([put(row, "UPDATED", changes.at, live=row["enabled"] and before["client_enabled"])])
    detail = patch.given() | {"rules_version": changes.version}
    await audit.write(changes.connection, caller.key_id, "updated", "rule", rule_id, row["client_id"], detail)
    return row


async def delete_rule(changes: ChangeSet, caller: Principal, rule_id: str, if_match: str | None) -> None:
    """Delete a rule and its endpoints."""
    row = found(await store.find(changes.connection, rule_id, caller.client_id), "rule")
    check_version(if_match, row["version"], required=True)
    await store.delete(changes.connection, rule_id)
    await changes.record([taken(row, "DELETED", changes.at)])
    detail = {"rules_version": changes.version, "version": row["version"]}
    await audit.write(changes.connection, caller.key_id, "deleted", "rule", rule_id, row["client_id"], detail)


def _conflict(row: Row, client_id: str) -> Fault:
    # The id may be another client's: then not even whose it is may be said.
    if row["by_id"] or row["client_id"] != client_id:
        return Fault(field="id", message="it is taken", item=row["item"])
    return Fault(field="name", message=_same(row), item=row["item"])


def _same(row: Row) -> str:
    return f"rule {row['id']} is for the same severity, source and name"
