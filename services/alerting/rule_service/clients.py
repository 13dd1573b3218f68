"""``/api/v1/clients``: who owns rules. Admins make and change clients; a client's key may look at its own.

Disabling a client takes its rules out of the rule set, and enabling it puts them back. A client can be deleted when it
has no rules; that revokes its keys, and what was sent to it stays on record. ``If-Match`` is heeded, but not required.
"""

from typing import Annotated

from fastapi import Query, Response

from alerting.rule_service.access import Admin, Tenant, found, problems, router, visible_client
from alerting.rule_service.client_requests import (
    CLIENT_COLUMNS,
    Client,
    ClientCreate,
    ClientFilters,
    ClientPage,
    ClientPatch,
)
from alerting.rule_service.faults import raise_fault
from alerting.rule_service.outbox import MOST_CHANGES, ChangeSet, put
from alerting.rule_service.pagination import MOST_COUNTED
from alerting.rule_service.preconditions import IfMatch, check_version, etag
from alerting.rule_service.store import audit
from alerting.rule_service.store import clients as store
from alerting.rule_service.store import rules as rule_store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import ClientPathId
from alerting.runtime.database import AsyncConnection, Row
from alerting.runtime.problem import Problem

routes = router("clients")


@routes.get("/clients", response_description="A page of the clients")
async def list_clients(_caller: Admin, database: Database, filters: Annotated[ClientFilters, Query()]) -> ClientPage:
    """List clients."""
    listing = filters.listing("clients", CLIENT_COLUMNS)
    async with database.read() as connection:
        rows = await store.page(connection, filters.equal(), filters.search, listing)
        return listing.page(ClientPage, await store.with_counts(connection, rows, MOST_COUNTED))


@routes.post("/clients", status_code=201, responses=problems(409, 413), response_description="The new client")
async def create_client(caller: Admin, database: Database, body: ClientCreate, response: Response) -> Client:
    """Create a client under an id of the caller's choice."""
    async with database.write() as connection:
        row = await store.insert(connection, body.id, body.name, enabled=body.enabled)
        if row is None:
            raise_fault(409, "id", "it is taken")
        detail = body.model_dump(exclude={"id"})
        await audit.write(connection, caller.key_id, "created", "client", body.id, body.id, detail)
        response.headers["location"] = f"/api/v1/clients/{body.id}"
        return await _answer(connection, row, response)


@routes.get("/clients/{client_id}", responses=problems(404), response_description="The client")
async def get_client(caller: Tenant, database: Database, client_id: ClientPathId, response: Response) -> Client:
    """Return a client."""
    async with database.read() as connection:
        return await _answer(connection, await visible_client(connection, client_id, caller), response)


@routes.patch("/clients/{client_id}", responses=problems(404, 412, 413), response_description="The client as it is now")
async def update_client(
    caller: Admin,
    database: Database,
    client_id: ClientPathId,
    body: ClientPatch,
    response: Response,
    if_match: IfMatch = None,
) -> Client:
    """Rename, enable or disable a client."""
    async with database.change_rules() as changes:
        before = found(await store.find(changes.connection, client_id, lock=True), "client")
        check_version(if_match, before["version"], required=False)
        after = before | body.given()
        if after != before:
            row = found(await store.update(changes.connection, after), "client")
            if row["enabled"] != before["enabled"]:
                await _switch_rules(changes, row)
            detail = body.given() | {"rules_version": changes.version}
            await audit.write(changes.connection, caller.key_id, "updated", "client", client_id, client_id, detail)
        else:
            row = before
        return await _answer(changes.connection, row, response)


@routes.delete(
    "/clients/{client_id}", status_code=204, responses=problems(404, 409, 412), response_description="It is deleted"
)
async def delete_client(caller: Admin, database: Database, client_id: ClientPathId, if_match: IfMatch = None) -> None:
    """Delete a client that has no rules, and revoke its keys."""
    async with database.change_rules() as changes:
        row = found(await store.find(changes.connection, client_id, lock=True), "client")
        check_version(if_match, row["version"], required=False)
        if not await store.delete(changes.connection, client_id):
            raise Problem(409, "the client has rules: delete them first, or disable the client")
        await audit.write(changes.connection, caller.key_id, "deleted", "client", client_id, client_id, {})


async def _switch_rules(changes: ChangeSet, client: Row) -> None:
    # The rules' own versions stay: it is not they that changed, and nobody's If-Match should fail for it.
    async for rules in rule_store.enabled_of_client(changes.connection, client["id"], MOST_CHANGES):
        await changes.record([put(rule, "UPDATED", changes.at, live=client["enabled"]) for rule in rules])


async def _answer(connection: AsyncConnection, row: Row, response: Response) -> Client:
    response.headers["etag"] = etag(row["version"])
    (counted,) = await store.with_counts(connection, [row], MOST_COUNTED)
    return Client.model_validate(counted)
