"""The rules as a sender may ask about them: the newest ones, read from the database every few seconds at most."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncPool, postgres_errors
from matchcore import Index

MOST_RULES: Final = 1_000
_FRESH_SECONDS: Final = 2.0

_NEWEST: Final = """
    SELECT rules.id, rules.severity, rules.source, rules.name
    FROM rules JOIN clients ON clients.id = rules.client_id
    WHERE rules.enabled AND clients.enabled
    ORDER BY rules.id DESC LIMIT %(limit)s
"""


class Rule(NamedTuple):
    """A rule that is in force."""

    id: str
    severity: str
    source: str
    name: str


class Rules:
    """Some rules, and which of them match."""

    def __init__(self, rules: Sequence[Rule], *, cut: bool = False) -> None:
        self.all = rules
        self.cut = cut
        """Whether there are more than these."""
        # Whose they are is none of a sender's business, so all are taken for one client's.
        self._index = Index.build((rule.id, "all", rule.severity, rule.source, rule.name) for rule in rules)

    def matching(self, severity: str, source: str, name: str) -> list[str]:
        """Return the ids of the rules that match."""
        return self._index.match(severity, source, name).rules()


class RuleBook(Protocol):
    """Where the rules are read from."""

    async def current(self) -> Rules:
        """Return the rules of now, or of a moment ago.

        Raises
        ------
        Unavailable
            The database does not answer.
        """


class PostgresRuleBook:
    """A `RuleBook` in the database."""

    def __init__(self, pool: AsyncPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: Rules | None = None
        self._fresh_until = 0.0

    async def current(self) -> Rules:
        """Return the rules of now, or of a moment ago."""
        async with self._lock:
            if self._kept is None or self._clock.monotonic() >= self._fresh_until:
                self._kept = await self._read()
                self._fresh_until = self._clock.monotonic() + _FRESH_SECONDS
            return self._kept

    async def _read(self) -> Rules:
        with postgres_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(_NEWEST, {"limit": MOST_RULES + 1})
                rows = await cursor.fetchall()
        found = [Rule(row["id"], row["severity"], row["source"], row["name"]) for row in rows]
        return Rules(found[:MOST_RULES], cut=len(found) > MOST_RULES)
