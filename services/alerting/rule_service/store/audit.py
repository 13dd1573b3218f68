"""The table audit_log: who changed what, written with the change itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
from psycopg.types.json import Jsonb

from alerting.runtime.database import AsyncConnection

Action = Literal["created", "updated", "deleted", "revoked", "resent", "tested"]
Subject = Literal["client", "rule", "endpoint", "key", "notification", "dead_letter"]


def _dumps(detail: object) -> bytes:
    return orjson.dumps(detail, default=str)


async def write(
    connection: AsyncConnection,
    actor: str,
    action: Action,
    subject: Subject,
    subject_id: str,
    client_id: str | None,
    detail: Mapping[str, Any],
) -> None:
    """Write down one change. The detail must have no secrets in it, such as an endpoint's value."""
    await connection.execute(
        "INSERT INTO audit_log (actor, action, subject, subject_id, client_id, detail) VALUES (%s, %s, %s, %s, %s, %s)",
        (actor, action, subject, subject_id, client_id, Jsonb(dict(detail), dumps=_dumps)),
    )


async def write_created_rules(
    connection: AsyncConnection, actor: str, client_id: str, rules: Sequence[Mapping[str, Any]], version: int | None
) -> None:
    """Write down that rules were created."""
    kept = ("severity", "source", "name", "enabled")
    details = [{name: rule[name] for name in kept} | {"rules_version": version} for rule in rules]
    await _write_created(connection, actor, "rule", client_id, [rule["id"] for rule in rules], details)


async def write_created_endpoints(
    connection: AsyncConnection, actor: str, client_id: str, endpoints: Sequence[Mapping[str, Any]]
) -> None:
    """Write down that endpoints were created with their rules; not their values, which may be secrets."""
    details = [{name: endpoint[name] for name in ("rule_id", "type", "enabled")} for endpoint in endpoints]
    await _write_created(connection, actor, "endpoint", client_id, [endpoint["id"] for endpoint in endpoints], details)


async def _write_created(
    connection: AsyncConnection,
    actor: str,
    subject: Subject,
    client_id: str,
    ids: Sequence[str],
    details: Sequence[Mapping[str, Any]],
) -> None:
    if not ids:
        return
    await connection.execute(
        """
        INSERT INTO audit_log (actor, action, subject, subject_id, client_id, detail)
        SELECT %s, 'created', %s, subject_id, %s, detail
        FROM unnest(%s::text[], %s::jsonb[]) AS created (subject_id, detail)
        """,
        (actor, subject, client_id, list(ids), [Jsonb(dict(detail), dumps=_dumps) for detail in details]),
    )
