"""The database as rule-updater reads it: the log of changes, and all rules at one moment."""

from collections.abc import Generator
from typing import Final, LiteralString, NamedTuple

import psycopg
from psycopg.rows import TupleRow

from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.runtime.database import connect, postgres_errors
from alerting.runtime.errors import Malformed
from matchcore import Index
from matchcore.errors import MatchcoreError

_MOST_VERSIONS: Final = 1_000

_NEWEST: Final[LiteralString] = "SELECT version FROM rules_version"

_CHANGES: Final[LiteralString] = """
    SELECT version, changes::text FROM rule_changes WHERE version > %s ORDER BY version LIMIT %s
"""

_COUNT: Final[LiteralString] = """
    SELECT coalesce(sum(CASE jsonb_typeof(changes) WHEN 'array' THEN jsonb_array_length(changes) END), 0)
    FROM rule_changes WHERE version > %s AND version <= %s
"""

# A disabled client's rules are out of the rule set, like rules that are disabled themselves.
_RULES: Final[LiteralString] = """
    SELECT id, client_id, severity, source, name FROM rules
    WHERE enabled AND client_id NOT IN (SELECT id FROM clients WHERE NOT enabled)
"""
_ROWS_AT_ONCE: Final = 5_000


class LoggedChange(NamedTuple):
    """One version of the log."""

    version: int
    changes: str
    """A JSON array, as it was written."""


class RuleLog:
    """Reads the log over a connection that it keeps. For one thread at a time."""

    def __init__(self, settings: RuleUpdaterSettings) -> None:
        self._settings = settings
        self._connection: psycopg.Connection[TupleRow] | None = None

    def newest(self) -> int:
        """Return the newest version that is committed."""
        return self._number(_NEWEST)

    def count_changes(self, after: int, until: int) -> int:
        """Return how many changes the versions between two have, the second one's included."""
        return self._number(_COUNT, after, until)

    def changes(self, after: int) -> Generator[LoggedChange, None, None]:
        """Yield what follows a version, in order; a bounded number of versions."""
        with postgres_errors():
            # Row by row: a thousand versions may be a thousand times some megabytes.
            for version, changes in self._connected().cursor().stream(_CHANGES, (after, _MOST_VERSIONS)):
                yield LoggedChange(version, changes)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()

    def _number(self, query: LiteralString, *parameters: int) -> int:
        with postgres_errors():
            row = self._connected().execute(query, parameters).fetchone()
        if row is None:
            raise RuntimeError("the table rules_version has lost its row")
        return int(row[0])

    def _connected(self) -> psycopg.Connection[TupleRow]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._settings)
        return self._connection


def read_rules(settings: RuleUpdaterSettings) -> Index:
    """Read and compile all rules as they are at one version, over a connection of its own.

    Raises
    ------
    Unavailable
        The database does not answer.
    Malformed
        matchcore does not take a rule.
    """
    milliseconds = int(settings.rules_read_timeout * 1_000)
    with postgres_errors(), connect(settings) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SELECT set_config('statement_timeout', %s, true)", (str(milliseconds),))
        row = connection.execute(_NEWEST).fetchone()
        if row is None:
            raise RuntimeError("the table rules_version has lost its row")
        # Compiled as they come, so that the rules are never all in memory as Python strings.
        rows = connection.cursor().stream(_RULES, size=_ROWS_AT_ONCE)
        try:
            return Index.build(rows, version=row[0])
        except MatchcoreError as error:
            raise Malformed("invalid_field", str(error)) from None
