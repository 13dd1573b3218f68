"""Which rules an alert misses by one field, as the database has them now."""

from itertools import product
from typing import Final

from alerting.runtime.database import AsyncConnection, Row

_FIELDS: Final = ("severity", "source", "name")


def _near(missed: str, wild: frozenset[str]) -> str:
    """Return the statement for rules that miss by a field and have a wildcard, or the alert's own value, in the others.

    An alert's own wildcard is an ordinary value, which rules say with theirs: they are found among those only.
    """
    conditions = [f"rules.{missed} NOT IN (%({missed})s, '*')"]
    for field in _FIELDS:
        if field in wild:
            conditions.append(f"rules.{field} = '*'")
        elif field != missed:
            conditions.append(f"rules.{field} = %({field})s AND %({field})s::text <> '*'")
    return f"""(
        SELECT
            rules.id AS rule_id, rules.client_id, rules.severity, rules.source, rules.name, rules.description,
            '{missed}' AS misses, {len(wild)} AS place
        FROM rules JOIN clients ON clients.id = rules.client_id AND clients.enabled
        WHERE rules.enabled AND (%(tenant)s::text IS NULL OR rules.client_id = %(tenant)s)
              AND {" AND ".join(conditions)}
        LIMIT %(most)s
    )"""  # made of the constants above  # noqa: S608


def _every_near() -> str:
    near = [
        _near(missed, frozenset(field for field in _FIELDS if field != missed and field in wild))
        for missed in _FIELDS
        for wild in product(*(("", field) for field in _FIELDS if field != missed))
    ]
    return " UNION ALL ".join(near)


# Each kind is bounded by itself, so that no alert makes it look at a million rules to sort them.
_QUERY: Final = f"""
    SELECT * FROM ({_every_near()}) AS near ORDER BY place, client_id, rule_id LIMIT %(most)s
"""  # made of the constants above  # noqa: S608


async def near_misses(
    connection: AsyncConnection, severity: str, source: str, name: str, tenant: str | None, most: int
) -> list[Row]:
    """Return at most `most` enabled rules that would match but for one field, which `misses` names.

    Those come first that have more of the alert's own values.
    """
    params = {"severity": severity, "source": source, "name": name, "tenant": tenant, "most": most}
    cursor = await connection.execute(_QUERY.encode(), params, prepare=False)
    return await cursor.fetchall()
