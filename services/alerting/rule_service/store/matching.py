"""Which rules an alert matches, as the database has them now."""

from alerting.runtime.database import AsyncConnection, Row

# One statement, so one snapshot: the version is that of the very rules that were looked at.
_MATCHING = """
    SELECT rules_version.version, matching.*
    FROM rules_version LEFT JOIN LATERAL (
        SELECT rules.id AS rule_id, rules.client_id, rules.severity, rules.source, rules.name, rules.description
        FROM rules JOIN clients ON clients.id = rules.client_id AND clients.enabled
        WHERE rules.enabled AND rules.severity = ANY(%(severity)s) AND rules.source = ANY(%(source)s)
              AND rules.name = ANY(%(name)s) {tenant}
        ORDER BY rules.client_id, rules.id LIMIT %(most)s
    ) AS matching ON true
"""
_OF_ALL = _MATCHING.format(tenant="")
_OF_ONE = _MATCHING.format(tenant="AND rules.client_id = %(tenant)s")


async def matching_rules(
    connection: AsyncConnection, severity: str, source: str, name: str, tenant: str | None, most: int
) -> tuple[int, list[Row]]:
    """Return the version of the rule set, and at most `most` rules of enabled clients that match, by client and id."""
    params = {
        "severity": [severity, "*"],
        "source": [source, "*"],
        "name": [name, "*"],
        "tenant": tenant,
        "most": most,
    }
    cursor = await connection.execute(_OF_ALL.encode() if tenant is None else _OF_ONE.encode(), params)
    rows = await cursor.fetchall()
    return rows[0]["version"], [row for row in rows if row["rule_id"] is not None]


async def current_version(connection: AsyncConnection) -> int:
    """Return the version of the rule set."""
    cursor = await connection.execute("SELECT version FROM rules_version")
    (row,) = await cursor.fetchall()
    version: int = row["version"]
    return version
