"""What an evaluator reads of the rule set in Redis."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol, cast

from redis import Redis

from alerting.rule_set.base import BaseInfo, open_base
from alerting.rule_set.connection import connect, redis_errors
from alerting.rule_set.keys import BASE, CHANGES, FIELD, VERSION, chunk_key, entry_id, entry_version
from alerting.runtime.config import Settings
from alerting.runtime.errors import Malformed
from matchcore import Index

# An entry may be of some megabytes.
_MOST_ENTRIES: Final = 16


class Entry(NamedTuple):
    """One version of the stream."""

    version: int
    changes: bytes


class State(NamedTuple):
    """What there is, at one moment."""

    newest: int | None
    """The newest version, or None when Redis holds no rule set."""
    base: BaseInfo | None


class RuleSource(Protocol):
    """Where the rule set comes from. Every method raises `Unavailable` when it does not answer."""

    def state(self) -> State:
        """Return what there is; a base that makes no sense is none, and raises `Malformed`."""

    def read_base(self, info: BaseInfo) -> Index | None:
        """Return a base's index, or None when a part of it is gone; raise `Malformed` when it is not as described."""

    def read_changes(self, after: int, wait: float) -> list[Entry]:
        """Return what follows a version, a bounded number of entries; wait for the first up to `wait` seconds."""

    def close(self) -> None:
        """Let go."""


class RedisRuleSource:
    """A `RuleSource`."""

    def __init__(self, settings: Settings) -> None:
        self._redis: Redis = connect(settings)

    def state(self) -> State:
        """Return what there is."""
        with redis_errors(), self._redis.pipeline(transaction=True) as together:
            together.get(VERSION)
            together.hgetall(BASE)
            newest, fields = cast("tuple[bytes | None, Mapping[bytes, bytes]]", together.execute())
        if newest is not None and not newest.isdigit():
            raise Malformed("invalid_field", f"{VERSION} is no number")
        return State(None if newest is None else int(newest), BaseInfo.from_fields(fields) if fields else None)

    def read_base(self, info: BaseInfo) -> Index | None:
        """Return a base's index, or None when a part of it is gone."""
        chunks: list[bytes] = []
        for number in range(info.chunks):
            with redis_errors():
                chunk = cast("bytes | None", self._redis.get(chunk_key(info.version, number)))
            if chunk is None:
                return None
            chunks.append(chunk)
        return open_base(info, chunks)

    def read_changes(self, after: int, wait: float) -> list[Entry]:
        """Return what follows a version; wait for the first up to `wait` seconds, not at all when it is 0."""
        block = int(wait * 1_000) or None
        with redis_errors():
            streams = self._redis.xread({CHANGES: entry_id(after)}, count=_MOST_ENTRIES, block=block)
        if not streams:
            return []
        [[_, entries]] = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]", streams)
        return [Entry(entry_version(entry), fields.get(FIELD, b"")) for entry, fields in entries]

    def close(self) -> None:
        """Let go."""
        self._redis.close()
