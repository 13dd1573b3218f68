"""The table of notifications, as the aggregator writes it."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

import orjson
import psycopg
from psycopg.rows import TupleRow

from alerting.aggregator.match import Match
from alerting.runtime.config import Settings
from alerting.runtime.database import connect, postgres_errors
from alerting.runtime.errors import AlertingError

# Binary parameters, which psycopg makes three times as fast as text. Rules' ids are arrays of different lengths, which
# an array cannot hold: they come as JSON.
_INSERT: Final = """
    INSERT INTO notifications
        (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version,
         traceparent)
    SELECT
        id, client_id, alert_id, severity, source, name, context::jsonb, to_timestamp(event_ts),
        ARRAY(SELECT json_array_elements_text(rule_ids::json)), rules_version, traceparent
    FROM unnest(
        %b::text[]::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bigint[],
        %b::text[], %b::bigint[], %b::text[]
    ) AS given (
        id, client_id, alert_id, severity, source, name, context, event_ts, rule_ids, rules_version, traceparent
    )
    ON CONFLICT (client_id, alert_id) DO NOTHING
    RETURNING id::text
"""

_FIND_RECEIVED: Final = """
    SELECT id::text, client_id, alert_id
    FROM notifications JOIN unnest(%b::text[], %b::text[]) AS given (client_id, alert_id) USING (client_id, alert_id)
    WHERE status = 'RECEIVED'
"""

# A value that the database does not take, now or later; not a table that is missing, nor a disk that is full.
_REJECTIONS: Final = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)

_Answer = TypeVar("_Answer")


class Rejected(AlertingError):
    """The database does not take a value that is among those it was given; none of them is recorded."""


class Recorded(NamedTuple):
    """A notification that is in the database."""

    id: str
    client_id: str
    alert_id: str


class NotificationStore:
    """Records notifications over one connection, which is opened again when it was lost."""

    def __init__(self, settings: Settings, new_id: Callable[[], str]) -> None:
        self._settings = settings
        self._new_id = new_id
        self._connection: psycopg.Connection[TupleRow] | None = None

    def open(self) -> None:
        """Connect, if there is no connection.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        self._connected()

    def insert(self, matches: Sequence[Match]) -> list[Recorded]:
        """Record those that are new, all or none, and return them. No two of `matches` may have the same key.

        Raises
        ------
        Rejected
            At least one of them has a value that the database does not take.
        Unavailable
            The database does not answer.
        """
        # Every aggregator takes the keys' locks in this order, so that none waits for one that waits for it.
        ordered = sorted(matches)
        given = {self._new_id(): match for match in ordered}
        columns = {name: [getattr(match, name) for match in ordered] for name in Match._fields}
        columns["rule_ids"] = [orjson.dumps(ids).decode() for ids in columns["rule_ids"]]
        parameters = [list(given), *columns.values()]
        try:
            rows = self._ask(lambda connection: connection.execute(_INSERT, parameters, prepare=True).fetchall())
        except _REJECTIONS as error:
            raise Rejected(str(error)) from error
        return [Recorded(new, *given[new].key) for (new,) in rows]

    def find_received(self, keys: Sequence[tuple[str, str]]) -> list[Recorded]:
        """Return the notifications of these clients and alerts that nobody has finished yet.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        parameters = [list(part) for part in zip(*keys, strict=True)]
        # Planned anew each time: a plan that was kept from when the table was small would read all of it.
        rows = self._ask(lambda connection: connection.execute(_FIND_RECEIVED, parameters, prepare=False).fetchall())
        return [Recorded(*row) for row in rows]

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, question: Callable[[psycopg.Connection[TupleRow]], _Answer]) -> _Answer:
        connection = self._connected()
        with postgres_errors():
            return question(connection)

    def _connected(self) -> psycopg.Connection[TupleRow]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._settings)
        return self._connection
