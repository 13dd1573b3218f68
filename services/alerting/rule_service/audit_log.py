"""``/api/v1/audit``: who changed what, the newest first. A client's key sees what was done to that client's things."""

from datetime import datetime
from typing import Annotated, Any, Final, Self

from fastapi import Query
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from alerting.rule_service.access import Tenant, router
from alerting.rule_service.pagination import Page, Paging, page_of, refuse_cursor
from alerting.rule_service.store import audit_lists as store
from alerting.rule_service.store.audit import Subject
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import AlertText
from alerting.runtime.auth import Principal
from alerting.runtime.database import Row
from alerting.runtime.described import Described

_LISTED: Final = "audit"
_MOST_ID: Final = 2**63 - 1
_NO_KEYS: Final = frozenset({"cli", "sender"})

routes = router("audit")


class AuditEntry(Described):
    """One change."""

    id: int
    """Its number; later changes have greater ones."""
    at: datetime
    """When it was, in UTC."""
    actor: str
    """A key's id, `cli`, or `sender`; for a client's key, `admin` stands for every key that is not the client's."""
    actor_name: str | None
    """The key's name; null when the actor is no key, or one that the caller may not know."""
    action: str
    """Such as `created`, `updated`, `deleted`, `disabled`, `revoked`, `resent`, `tested`."""
    subject: str
    """The kind of thing that was changed."""
    subject_id: str
    """The thing's id; `*` for notifications that a filter found."""
    client_id: str | None
    """The client that the thing is of; null when it is of none."""
    detail: dict[str, Any]
    """What it was changed to, or with; what is in it depends on the subject. It has no secrets."""


class AuditPage(Page[AuditEntry]):
    """One page of the log of changes."""


class AuditFilters(Paging):
    """Which changes to list."""

    subject: Subject | None = Field(None, description="Only changes of this kind of thing.")
    subject_id: AlertText | None = Field(
        None, description="Only changes of this thing; with `subject`, and only with it."
    )

    @model_validator(mode="after")
    def _check_subject(self) -> Self:
        if self.subject_id is not None and self.subject is None:
            raise PydanticCustomError("subject", "subject_id goes with a subject")
        return self


@routes.get("/audit", response_description="A page of the log")
async def list_changes(caller: Tenant, database: Database, filters: Annotated[AuditFilters, Query()]) -> AuditPage:
    """List changes, the newest first."""
    before = _id(filters.after(_LISTED))
    async with database.read() as connection:
        rows = await store.page(
            connection, caller.client_id, filters.subject, filters.subject_id, before, filters.limit
        )
    return page_of(AuditPage, _LISTED, [_seen_by(caller, row) for row in rows], filters.limit)


def _id(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= _MOST_ID):
        refuse_cursor()
    return int(cursor)


def _seen_by(caller: Principal, row: Row) -> Row:
    # Which keys there are beside its own is not for a tenant to know.
    if caller.client_id is None or row["actor"] in _NO_KEYS or row["actor_scope"] == caller.scope:
        return row
    return row | {"actor": "admin", "actor_name": None}
