"""``/api/v1/rules/{rule_id}/endpoints`` and ``/api/v1/endpoints``: where to tell of what a rule matches.

The sender reads endpoints when it plans a notification, so a change here is no new version of the rule set.
``If-Match`` is heeded, but not required.
"""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import Final

from fastapi import Response
from psycopg.errors import UniqueViolation

from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.endpoint_requests import (
    SIGNED,
    CreatedEndpoint,
    Endpoint,
    EndpointCreate,
    EndpointPatch,
    RotatedSecret,
    Rotation,
    changed_fields,
    created,
    shown,
    value_faults,
)
from alerting.rule_service.faults import raise_fault, raise_faults
from alerting.rule_service.preconditions import IfMatch, check_version, etag
from alerting.rule_service.settings import Config
from alerting.rule_service.store import audit, rules
from alerting.rule_service.store import endpoints as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import EndpointPathId, RulePathId
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.ids import new_id
from alerting.runtime.problem import Problem

SECRET_BYTES: Final = 32

routes = router("endpoints")


@routes.post(
    "/rules/{rule_id}/endpoints",
    status_code=201,
    responses=problems(404, 409, 413),
    response_description="The new endpoint, with its secret",
)
async def create_endpoint(
    caller: Tenant, database: Database, config: Config, rule_id: RulePathId, body: EndpointCreate, response: Response
) -> CreatedEndpoint:
    """Add an endpoint to a rule. The answer has the secret of its webhooks, which is shown nowhere else."""
    raise_faults(422, value_faults(body.type, body.value, config))
    async with database.write() as connection:
        rule = found(await rules.find(connection, rule_id, caller.client_id, keep=True), "rule")
        owner = {"id": new_id(), "rule_id": rule_id, "client_id": rule["client_id"]}
        wanted = body.columns() | owner
        async with _unique(connection, wanted):
            secrets = await store.insert(connection, rule["client_id"], [wanted])
        row = found(await store.find(connection, wanted["id"], None), "endpoint")
        await audit.write(connection, caller.key_id, "created", "endpoint", row["id"], row["client_id"], _shown(row))
    response.headers["location"] = f"/api/v1/endpoints/{row['id']}"
    response.headers["etag"] = etag(row["version"])
    return created(row, secrets)


@routes.get("/endpoints/{endpoint_id}", responses=problems(404), response_description="The endpoint")
async def get_endpoint(caller: Tenant, database: Database, endpoint_id: EndpointPathId, response: Response) -> Endpoint:
    """Return an endpoint."""
    async with database.read() as connection:
        row = found(await store.find(connection, endpoint_id, caller.client_id), "endpoint")
    return _answer(row, response)


@routes.patch(
    "/endpoints/{endpoint_id}",
    responses=problems(404, 409, 412, 413),
    response_description="The endpoint as it is now",
)
async def update_endpoint(
    caller: Tenant,
    database: Database,
    config: Config,
    endpoint_id: EndpointPathId,
    body: EndpointPatch,
    response: Response,
    if_match: IfMatch = None,
) -> Endpoint:
    """Change an endpoint, or disable it. What waits for an address that no endpoint has any more fails."""
    async with database.write() as connection:
        before = found(await store.find(connection, endpoint_id, caller.client_id, lock=True), "endpoint")
        check_version(if_match, before["version"], required=False)
        after = before | body.columns()
        raise_faults(422, value_faults(after["type"], after["value"], config))
        row = before
        if after != before:
            async with _unique(connection, after):
                await store.update(connection, after)
            if after["enabled"] and not before["enabled"]:
                await store.forget_failures(connection, after)
            row = found(await store.find(connection, endpoint_id, None), "endpoint")
            detail = _shown(row) | {"changed": changed_fields(before, row)}
            await audit.write(connection, caller.key_id, "updated", "endpoint", endpoint_id, row["client_id"], detail)
    return _answer(row, response)


@routes.delete(
    "/endpoints/{endpoint_id}", status_code=204, responses=problems(404, 412), response_description="It is deleted"
)
async def delete_endpoint(
    caller: Tenant, database: Database, endpoint_id: EndpointPathId, if_match: IfMatch = None
) -> None:
    """Delete an endpoint; what was sent to it stays on record."""
    async with database.write() as connection:
        row = found(await store.find(connection, endpoint_id, caller.client_id, lock=True), "endpoint")
        check_version(if_match, row["version"], required=False)
        await store.delete(connection, endpoint_id)
        await audit.write(connection, caller.key_id, "deleted", "endpoint", endpoint_id, row["client_id"], _shown(row))


@routes.post(
    "/endpoints/{endpoint_id}/secret/rotate", responses=problems(404, 409, 413), response_description="The new secret"
)
async def rotate_secret(
    caller: Tenant, database: Database, endpoint_id: EndpointPathId, body: Rotation | None = None
) -> RotatedSecret:
    """Replace what an endpoint's webhooks are signed with, and that of the client's others with the same address."""
    keep = (body or Rotation()).keep_old_for
    async with database.write() as connection:
        row = found(await store.find(connection, endpoint_id, caller.client_id), "endpoint")
        if row["type"] != SIGNED:
            raise Problem(409, f"nothing that goes to an endpoint of the type {row['type']} is signed")
        secret = f"whsec_{b64encode(token_bytes(SECRET_BYTES)).decode()}"
        until = await store.rotate_secret(connection, row, secret, keep)
        detail = _shown(row) | {"secret_rotated": True, "keep_old_for": keep}
        await audit.write(connection, caller.key_id, "updated", "endpoint", endpoint_id, row["client_id"], detail)
    return RotatedSecret(secret=secret, previous_valid_until=until if keep else None)


@asynccontextmanager
async def _unique(connection: AsyncConnection, endpoint: Row) -> AsyncIterator[None]:
    # Only the constraint knows of those who do the same at the same time; a savepoint lets us look who it was.
    try:
        async with connection.transaction():
            yield
    except UniqueViolation:
        same = await store.find_same(connection, endpoint)
        which = f"endpoint {same['id']}" if same else "an endpoint"
        raise_fault(409, "value", f"{which} has the same type and value")


def _shown(row: Row) -> Row:
    # Not the value: a Slack URL is a secret.
    return {name: row[name] for name in ("rule_id", "type", "enabled")}


def _answer(row: Row, response: Response) -> Endpoint:
    response.headers["etag"] = etag(row["version"])
    return Endpoint.model_validate(shown(row))
