"""One version's changes of rules: from the JSON of the log to what a `LiveIndex` applies."""

from typing import Any, Final, NamedTuple

import orjson

from alerting.runtime.errors import Malformed

PUT: Final = frozenset({"CREATED", "UPDATED"})
TAKEN: Final = frozenset({"DELETED", "DISABLED"})

Rule = tuple[str, str, str, str, str]
"""Rule id, client id, severity, source, name: as matchcore takes it."""


class ChangeSet(NamedTuple):
    """What one version puts into the rule set and takes from it; no rule is in both."""

    upserts: list[Rule]
    deletes: list[str]

    def __len__(self) -> int:
        return len(self.upserts) + len(self.deletes)


def read_changes(text: bytes | str) -> ChangeSet:
    """Read an entry of the log; of several changes of one rule, the last counts.

    Raises
    ------
    Malformed
        It says nothing that could be applied, or only in part.
    """
    try:
        changes = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed("undecodable", str(error)) from None
    if not isinstance(changes, list):
        raise Malformed("undecodable", f"an array is expected, not {type(changes).__name__}")
    last: dict[str, Rule | None] = {}
    for place, change in enumerate(changes):
        try:
            rule_id, rule = _read(change)
        except KeyError as error:
            raise Malformed("missing_field", f"changes[{place}].{error.args[0]}") from None
        except (TypeError, ValueError) as error:
            raise Malformed("invalid_field", f"changes[{place}]: {error}") from None
        last[rule_id] = rule
    upserts = [rule for rule in last.values() if rule is not None]
    return ChangeSet(upserts, [rule_id for rule_id, rule in last.items() if rule is None])


def _read(change: dict[str, Any]) -> tuple[str, Rule | None]:
    """Return a changed rule's id, and the rule unless it is taken out."""
    rule_id = _text(change["rule_id"])
    action = change["action"]
    if action in TAKEN:
        return rule_id, None
    if action not in PUT:
        raise ValueError(f"{action!r} is no action")
    fields = (_text(change[field]) for field in ("client_id", "severity", "source", "name"))
    client_id, severity, source, name = fields
    return rule_id, (rule_id, client_id, severity, source, name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is expected, not {type(value).__name__}")
    return value
