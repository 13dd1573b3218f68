"""What was done with dead letters: rows of `dead_letter_actions`.

A row's topic is the whole name of the topic of dead letters, with the deployment's prefix, so that the key of a row is
the address of a message in Kafka.

An offset alone does not tell a message for ever: a topic that was made anew begins at 0 again, as every topic of the
embedded broker does. So a row speaks of the message that was written before it, and never of one that came later.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

import psycopg

from alerting.dead_letters.letter import Letter, Place
from alerting.runtime.database import AsyncConnection, postgres_errors
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import dead_letter_topic

Verb = Literal["REPLAYED", "DROPPED"]

# Whoever handles letters of a topic holds its lock until the rows are there. 7,221,801 is that of `alerting migrate`.
_LOCK_CLASS: Final = 7_221_802

_FIND: Final = """
    SELECT a."offset", a.action, a.at, a.actor
    FROM dead_letter_actions a
        JOIN unnest(%(offsets)s::bigint[], %(written)s::timestamptz[]) AS letter ("offset", written_at)
            ON letter."offset" = a."offset" AND letter.written_at <= a.at
    WHERE a.topic = %(topic)s AND a.partition = %(partition)s
"""

# The time of a letter is its writer's: one whose clock is ahead must not make the row older than the letter.
_RECORD: Final = """
    INSERT INTO dead_letter_actions (topic, partition, "offset", action, at, actor)
    SELECT %(topic)s, %(partition)s, "offset", %(action)s, greatest(now(), written_at), %(actor)s
    FROM unnest(%(offsets)s::bigint[], %(written)s::timestamptz[]) AS letter ("offset", written_at)
    ON CONFLICT (topic, partition, "offset")
        DO UPDATE SET action = excluded.action, at = excluded.at, actor = excluded.actor
"""

_AUDIT: Final = """
    INSERT INTO audit_log (actor, action, subject, subject_id, detail)
    VALUES (
        %(actor)s, lower(%(action)s), 'dead_letter', %(subject)s,
        jsonb_build_object('partition', %(partition)s::int, 'offsets', %(offsets)s::bigint[])
    )
"""


class Action(NamedTuple):
    """What was done with a letter, when and by whom."""

    verb: Verb
    at: datetime
    actor: str


class Actions:
    """The table, for one deployment's topics."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    async def find(self, connection: AsyncConnection, letters: Sequence[Letter]) -> Mapping[Place, Action]:
        """Return what was done with those letters of one partition that something was done with."""
        if not letters:
            return {}
        with postgres_errors():
            rows = await (await connection.execute(_FIND, self._parameters(letters))).fetchall()
        first = letters[0].place
        return {first._replace(offset=row["offset"]): Action(row["action"], row["at"], row["actor"]) for row in rows}

    async def lock(self, connection: AsyncConnection, topic: str) -> None:
        """Wait for others that handle a topic's letters; the lock ends with the transaction.

        Raises
        ------
        Unavailable
            They take too long.
        """
        await connection.execute("SET LOCAL lock_timeout = '10s'")
        name = self._prefix + dead_letter_topic(topic)
        try:
            await connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_LOCK_CLASS, name))
        except psycopg.errors.LockNotAvailable as error:
            raise Unavailable("postgres", f"somebody else still handles the dead letters of {topic}") from error

    async def record(self, connection: AsyncConnection, letters: Sequence[Letter], verb: Verb, actor: str) -> None:
        """Write down what was done with letters of one partition, and who did it, for as long as the log is kept."""
        given = {**self._parameters(letters), "action": verb, "actor": actor, "subject": letters[0].place.topic}
        await connection.execute(_RECORD, given)
        await connection.execute(_AUDIT, given)

    async def forget(self, connection: AsyncConnection, topic: str, partition: int, begin: int) -> int:
        """Remove the rows of letters that are gone, which are those below a partition's begin; return how many."""
        cursor = await connection.execute(
            'DELETE FROM dead_letter_actions WHERE topic = %s AND partition = %s AND "offset" < %s',
            (self._prefix + dead_letter_topic(topic), partition, begin),
        )
        return cursor.rowcount

    def _parameters(self, letters: Sequence[Letter]) -> dict[str, object]:
        first = letters[0].place
        return {
            "topic": self._prefix + dead_letter_topic(first.topic),
            "partition": first.partition,
            "offsets": [letter.place.offset for letter in letters],
            "written": [letter.written_at for letter in letters],
        }
