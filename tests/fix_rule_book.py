"""A database's rules, changed as rule-service changes them, and what they are at every version."""

import time
from collections.abc import Iterable, Sequence
from typing import Literal

import orjson
import psycopg
from psycopg.types.json import Jsonb

Rule = tuple[str, str, str, str, str]
"""Rule id, client id, severity, source, name."""

Content = frozenset[Rule]


class RuleBook:
    """Writes rules and the log of their changes in one transaction, and keeps a model of both."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)
        self.version = 0
        self.history: dict[int, Content] = {0: frozenset()}
        self.ever: set[tuple[int, Content]] = {(0, frozenset())}
        """Every version with its rules, also those that a restored database has forgotten."""

    @property
    def rules(self) -> Content:
        """The rules as they are now."""
        return self.history[self.version]

    def clear(self) -> None:
        """Begin from nothing."""
        self._connection.execute("TRUNCATE rules, clients, rule_changes CASCADE")
        self._connection.execute("UPDATE rules_version SET version = 0")
        self.version, self.history, self.ever = 0, {0: frozenset()}, {(0, frozenset())}

    def put(self, *rules: Rule) -> int:
        """Create rules or replace those of their ids; return the version."""
        with self._connection.transaction():
            return self._put(rules)

    def _put(self, rules: Sequence[Rule]) -> int:
        version = self._next_version()
        for rule in rules:
            self._connection.execute(
                "INSERT INTO clients (id, name) VALUES (%s, 'n') ON CONFLICT DO NOTHING", rule[1:2]
            )
        with self._connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO rules (id, client_id, severity, source, name) VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (id) DO UPDATE SET client_id = excluded.client_id, severity = excluded.severity,
                    source = excluded.source, name = excluded.name, enabled = true
                """,
                rules,
            )
        names = ("rule_id", "client_id", "severity", "source", "name")
        self._log(version, [self._change("CREATED", **dict(zip(names, rule, strict=True))) for rule in rules])
        ids = {rule[0] for rule in rules}
        return self._keep(version, {rule for rule in self.rules if rule[0] not in ids} | set(rules))

    def take(self, *ids: str, action: Literal["DELETED", "DISABLED"] = "DELETED") -> int:
        """Delete or disable rules; return the version."""
        with self._connection.transaction():
            version = self._next_version()
            query = (
                "DELETE FROM rules WHERE id = ANY(%s)"
                if action == "DELETED"
                else "UPDATE rules SET enabled = false WHERE id = ANY(%s)"
            )
            self._connection.execute(query, (list(ids),))
            self._log(version, [self._change(action, rule_id=rule_id, client_id="c") for rule_id in ids])
            return self._keep(version, {rule for rule in self.rules if rule[0] not in ids})

    def disable_client(self, client_id: str) -> int:
        """Take a client's rules out of the rule set, all of them at once."""
        with self._connection.transaction():
            version = self._next_version()
            self._connection.execute("UPDATE clients SET enabled = false WHERE id = %s", (client_id,))
            mine = [rule for rule in self.rules if rule[1] == client_id]
            self._log(version, [self._change("DISABLED", rule_id=rule[0], client_id=client_id) for rule in mine])
            return self._keep(version, self.rules - set(mine))

    def fill(self, count: int) -> None:
        """Have many rules, without a change of the version."""
        self._connection.execute("INSERT INTO clients (id, name) VALUES ('many', 'n')")
        query = """
            INSERT INTO rules (id, client_id, severity, source, name)
            SELECT 'many-' || i, 'many', 'HIGH', 'source-' || i / 100, 'name-' || i FROM generate_series(1, %s) AS i
        """
        self._connection.execute(query, (count,))

    def log_nonsense(self, changes: object) -> int:
        """Write a version whose changes nobody can apply; its rules are those of the one before."""
        with self._connection.transaction():
            version = self._next_version()
            self._log(version, changes)
            return self._keep(version, self.rules)

    def forget_log(self, before: int) -> None:
        """Delete the log's older versions."""
        self._connection.execute("DELETE FROM rule_changes WHERE version < %s", (before,))

    def restore(self, version: int) -> None:
        """Be as an older copy of the database was."""
        rules = self.history[version]
        with self._connection.transaction():
            self._connection.execute("DELETE FROM rules")
            self._connection.execute("DELETE FROM rule_changes WHERE version > %s", (version,))
            self._connection.execute("UPDATE rules_version SET version = %s", (version,))
            with self._connection.cursor() as cursor:
                query = "INSERT INTO rules (id, client_id, severity, source, name) VALUES (%s, %s, %s, %s, %s)"
                cursor.executemany(query, list(rules))
        self.version = version
        self.history = {known: content for known, content in self.history.items() if known <= version}

    def close(self) -> None:
        self._connection.close()

    def _next_version(self) -> int:
        row = self._connection.execute("UPDATE rules_version SET version = version + 1 RETURNING version").fetchone()
        assert row is not None
        return int(row[0])

    def _log(self, version: int, changes: object) -> None:
        query = "INSERT INTO rule_changes (version, changes) VALUES (%s, %s)"
        self._connection.execute(query, (version, Jsonb(changes, dumps=orjson.dumps)))

    def _change(self, action: str, **fields: str) -> dict[str, object]:
        return {"action": action, "version": 1, "updated_at": int(time.time()), **fields}

    def _keep(self, version: int, rules: Iterable[Rule]) -> int:
        self.version = version
        self.history[version] = frozenset(rules)
        self.ever.add((version, self.history[version]))
        return version
