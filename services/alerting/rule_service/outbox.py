"""The log of rule changes, written in the same transaction as the rules.

Versions of the rule set come from one row. Whoever changes rules locks it first and holds it until the commit, so the
order of versions is the order of commits, and an aborted transaction leaves no gap.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NotRequired, TypedDict

import orjson
from psycopg.types.json import Jsonb

from alerting.runtime.database import AsyncConnection

MOST_CHANGES: Final = 10_000
"""Of one version: what the relay publishes, and the rule set's readers apply, in one piece."""

Action = Literal["CREATED", "UPDATED", "DELETED", "DISABLED"]


class RuleChange(TypedDict):
    """One rule's change, as the log and the rule set's readers have it."""

    rule_id: str
    client_id: str
    action: Action
    version: int
    """The rule's own."""
    updated_at: int
    severity: NotRequired[str]
    source: NotRequired[str]
    name: NotRequired[str]


def put(rule: Mapping[str, Any], action: Literal["CREATED", "UPDATED"], at: datetime, *, live: bool) -> RuleChange:
    """Return the change that puts a rule into the rule set, or takes it out when it is not `live`."""
    if not live:
        return taken(rule, "DISABLED", at)
    change = _about(rule, action, at)
    change |= {"severity": rule["severity"], "source": rule["source"], "name": rule["name"]}
    return change


def taken(rule: Mapping[str, Any], action: Literal["DELETED", "DISABLED"], at: datetime) -> RuleChange:
    """Return the change that takes a rule out of the rule set."""
    return _about(rule, action, at)


def _about(rule: Mapping[str, Any], action: Action, at: datetime) -> RuleChange:
    return {
        "rule_id": rule["id"],
        "client_id": rule["client_id"],
        "action": action,
        "version": rule["version"],
        "updated_at": int(at.timestamp()),
    }


class ChangeSet:
    """The rule changes of one transaction."""

    def __init__(self, connection: AsyncConnection, at: datetime) -> None:
        self.connection = connection
        self.at = at
        """The transaction's time."""
        self.version: int | None = None
        """The newest version that was recorded; None when nothing changed."""

    @classmethod
    async def begin(cls, connection: AsyncConnection) -> "ChangeSet":
        """Wait for the right to change rules, which lasts until the transaction ends."""
        cursor = await connection.execute("SELECT now() AS at FROM rules_version FOR NO KEY UPDATE")
        row = await cursor.fetchone()
        if row is None:
            raise RuntimeError("the table rules_version has lost its row")
        return cls(connection, row["at"])

    async def record(self, changes: Sequence[RuleChange]) -> None:
        """Write down changes under the next version; no more than `MOST_CHANGES`."""
        if len(changes) > MOST_CHANGES:
            raise ValueError(f"{len(changes)} changes in one version")
        if not changes:
            return
        query = """
            WITH taken AS (UPDATE rules_version SET version = version + 1 RETURNING version)
            INSERT INTO rule_changes (version, changes) SELECT version, %s FROM taken RETURNING version
        """
        cursor = await self.connection.execute(query, (Jsonb(changes, dumps=orjson.dumps),))
        row = await cursor.fetchone()
        self.version = row["version"] if row else None
