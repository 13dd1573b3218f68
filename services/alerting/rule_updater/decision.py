"""What is to be done about the rule set in Redis."""

from typing import Literal, NamedTuple

from alerting.rule_updater.store import StoreState

Cause = Literal["missing", "ahead", "log", "stream", "chunks", "checksum", "unreadable", "changes"]
"""Why a new base is written:

missing     Redis has no rule set, or no whole one
ahead       Redis has versions that the database does not know: the database was restored from an older copy
log         the database's log lacks versions, so they cannot be told one by one
stream      the stream lacks versions that the base's readers need
chunks      a part of the base is gone
checksum    the base is not what its hash says
unreadable  a version's changes cannot be applied: they are appended only when readers can begin behind them
changes     there are so many changes that a reader had better begin with a newer base
"""


class Limits(NamedTuple):
    """When changes are many: at the larger one of a number, and of a share of the rules."""

    changes: int
    share: float


class NewBase(NamedTuple):
    """A base is to be written."""

    cause: Cause
    continues: bool
    """Whether readers go on from where they are; otherwise a new history begins."""


def decide(state: StoreState, newest: int, changes: int, limits: Limits) -> NewBase | None:
    """Return whether a base is to be written.

    Parameters
    ----------
    state
        What Redis has.
    newest
        The database's version.
    changes, limits
        How many changes there are after the base, and when they are too many.
    """
    base = state.base
    if state.newest is None or base is None or (state.last or 0) > state.newest:
        return NewBase("missing", continues=False)
    if max(state.newest, base.version) > newest:
        return NewBase("ahead", continues=False)
    if state.chunk_bytes != base.size:
        return NewBase("chunks", continues=True)
    if state.newest > base.version and not _is_whole(state, base.version):
        return NewBase("stream", continues=True)
    many = changes > max(limits.changes, limits.share * base.rules)
    return NewBase("changes", continues=True) if many else None


def _is_whole(state: StoreState, base: int) -> bool:
    """Tell whether the stream leads from the base's version to the newest, without a gap."""
    if state.first is None or state.last is None:
        return False
    return state.first <= base + 1 and state.last == state.newest and state.entries == state.last - state.first + 1
