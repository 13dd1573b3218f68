"""The log, cut into what one script appends."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from alerting.rule_set.changes import read_changes
from alerting.rule_updater.log import LoggedChange
from alerting.runtime.errors import Malformed

# Redis does nothing else while a script runs.
MOST_CHARACTERS: Final = 1_000_000
MOST_VERSIONS: Final = 200


class Batch(NamedTuple):
    """Versions without a gap."""

    versions: list[LoggedChange]
    changes: int
    """How many changes of rules they have that the base does not."""


def batches(log: Iterable[LoggedChange], after: int, base: int) -> Iterator[Batch]:
    """Yield what follows a version; end at a gap, and at a version that no reader can apply and no base leads over."""
    versions: list[LoggedChange] = []
    changes = characters = 0
    for logged in log:
        size = changes_of(logged)
        after += 1
        if logged.version != after or (size is None and logged.version > base):
            break
        versions.append(logged)
        changes += (size or 0) if logged.version > base else 0
        characters += len(logged.changes)
        if characters >= MOST_CHARACTERS or len(versions) >= MOST_VERSIONS:
            yield Batch(versions, changes)
            versions, changes, characters = [], 0, 0
    if versions:
        yield Batch(versions, changes)


def changes_of(logged: LoggedChange) -> int | None:
    """Return how many changes a version has; None when no reader can apply it."""
    try:
        return len(read_changes(logged.changes))
    except Malformed:
        return None
