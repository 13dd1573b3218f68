"""``/api/v1/keys``: API keys, for admins. A key is shown once, when it is made; only its hash is kept."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import AwareDatetime, Field, StringConstraints

from alerting.rule_service.access import Admin, found, problems, router
from alerting.rule_service.faults import raise_fault
from alerting.rule_service.pagination import Page, Paging, page_of
from alerting.rule_service.store import keys as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import MOST_CHARACTERS, Body, CreatedAt, PathId, Text
from alerting.runtime.auth import Authenticator, new_key
from alerting.runtime.described import Described, examples

routes = router("keys")

# Later than this, in some time zones, is no date in Python any more.
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)

Scope = Annotated[
    str,
    StringConstraints(pattern=r"^(admin|ingest|client:[^\x00]+)$", max_length=MOST_CHARACTERS + len("client:")),
]


KeyPathId = Annotated[PathId, Path(description="The key's id.")]


class KeyCreate(Body):
    """A new key: what it is for, what it may (`admin`, `ingest` or `client:<id>`), and until when."""

    model_config = examples(
        {"name": "The web shop's GitOps", "scope": "client:web-shop", "expires_at": "2030-01-01T00:00:00Z"}
    )

    name: Text
    """What it is for."""
    scope: Scope
    """What it may: `admin`, `ingest`, or `client:` and the id of a client."""
    expires_at: Annotated[AwareDatetime | None, Field(lt=_END_OF_TIME)] = None
    """Until when it is valid; null for ever."""


class Key(Described):
    """What is known of a key."""

    id: str
    """Its id, a UUID."""
    name: str
    """What it is for."""
    prefix: str
    """What stands between `ak_` and its secret: what one recognises it by."""
    scope: str
    """What it may: `admin`, `ingest`, or `client:` and the id of a client."""
    created_at: CreatedAt
    expires_at: datetime | None
    """Until when it is valid, in UTC; null for ever."""
    last_used_at: datetime | None
    """When it was used last, in UTC, to the minute; null when it never was."""
    revoked_at: datetime | None
    """When it was revoked, in UTC; null when it was not."""


class KeyPage(Page[Key]):
    """One page of keys."""


class CreatedKey(Key):
    """A key that was just made."""

    key: str
    """The whole key, which is shown this once."""


class KeyFilters(Paging):
    """Which keys to list."""

    scope: Scope | None = Field(None, description="Only those with this scope.")


@routes.get("/keys", response_description="A page of the keys")
async def list_keys(_caller: Admin, database: Database, filters: Annotated[KeyFilters, Query()]) -> KeyPage:
    """List keys, expired and revoked ones too, in the order of their making."""
    after = filters.after("keys")
    async with database.read() as connection:
        rows = await store.page(connection, filters.scope, after, filters.limit)
    return page_of(KeyPage, "keys", rows, filters.limit)


@routes.post("/keys", status_code=201, responses=problems(413), response_description="The new key")
async def create_key(caller: Admin, database: Database, body: KeyCreate, response: Response) -> CreatedKey:
    """Make a key. The answer is the only place where it can be read."""
    key = new_key()
    try:
        async with database.write() as connection:
            row = await store.create(connection, key, actor=caller.key_id, **body.model_dump())
    except store.UnknownClient:
        raise_fault(422, "scope", "there is no such client")
    except store.AlreadyExpired:
        raise_fault(422, "expires_at", "it has to be in the future")
    response.headers["location"] = f"/api/v1/keys/{row['id']}"
    return CreatedKey(**row, key=key.key)


@routes.get("/keys/{key_id}", responses=problems(404), response_description="What is known of the key")
async def get_key(_caller: Admin, database: Database, key_id: KeyPathId) -> Key:
    """Return what is known of a key."""
    async with database.read() as connection:
        return Key.model_validate(found(await store.find(connection, key_id), "key"))


@routes.delete("/keys/{key_id}", status_code=204, responses=problems(404), response_description="It is revoked")
async def revoke_key(caller: Admin, database: Database, key_id: KeyPathId, request: Request) -> None:
    """Revoke a key: at once here, and within five seconds everywhere. It stays in the list."""
    async with database.write() as connection:
        found(await store.revoke(connection, key_id, caller.key_id) or None, "key")
    authenticator: Authenticator = request.app.state.authenticator
    authenticator.forget(key_id)
