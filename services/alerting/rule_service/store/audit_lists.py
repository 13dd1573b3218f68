"""The log of changes, read."""

from typing import Final, get_args

from psycopg import sql

from alerting.rule_service.store.audit import Subject
from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row

SUBJECTS: Final = get_args(Subject)

# A client's changes have an index for each kind of thing: the newest of each, and of them the newest.
_PAGE: Final = """
    SELECT changes.*, api_keys.name AS actor_name, api_keys.scope AS actor_scope
    FROM ({changes}) AS changes LEFT JOIN api_keys ON api_keys.id = changes.actor
    ORDER BY changes.id DESC LIMIT %(most)s
"""
_OF_ALL: Final = "SELECT * FROM audit_log {where} ORDER BY id DESC LIMIT %(most)s"
_OF_ONE: Final = """
    SELECT of_kind.* FROM unnest(%(subjects)s::text[]) AS kind (subject) CROSS JOIN LATERAL (
        SELECT * FROM audit_log {where} AND subject = kind.subject ORDER BY id DESC LIMIT %(most)s
    ) AS of_kind
"""


async def page(
    connection: AsyncConnection,
    tenant: str | None,
    subject: str | None,
    subject_id: str | None,
    before: int | None,
    limit: int,
) -> list[Row]:
    """Return at most one more change than `limit`, the newest first; a tenant's are those of its things."""
    where = Where({"client_id": tenant, "subject_id": subject_id}).add("id", "<", before)
    by_kind = tenant is not None and subject_id is None
    if not by_kind:
        where.add("subject", "=", subject)
    changes = sql.SQL(_OF_ONE if by_kind else _OF_ALL).format(where=where.clause)
    params = where.params | {"subjects": [subject] if subject else list(SUBJECTS), "most": limit + 1}
    cursor = await connection.execute(sql.SQL(_PAGE).format(changes=changes), params, prepare=False)
    return await cursor.fetchall()
