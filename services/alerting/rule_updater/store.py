"""The rule set in Redis as rule-updater writes it: every write in a script that looks at the lease first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from redis import Redis
from redis.commands.core import Script

from alerting.rule_set.base import CHUNK_BYTES, BaseInfo, describe, open_base
from alerting.rule_set.connection import redis_errors
from alerting.rule_set.keys import BASE, CHANGES, CHUNK_PREFIX, FIELD, LEASE, VERSION, chunk_key, entry_version
from alerting.rule_updater.log import LoggedChange
from alerting.runtime.errors import AlertingError, Malformed
from matchcore import Index

_HERE: Final = Path(__file__)

_REFUSALS: Final = {
    -1: "the lease went to another rule-updater",
    -2: "the rule set in Redis is of another history by now",
    -3: "a version is missing in between",
    -4: "a chunk of the new base is gone",
}


class Superseded(AlertingError):
    """Redis is no longer as it was read: look again."""


@dataclass(frozen=True, slots=True)
class StoreState:
    """What there is in Redis at one moment. What makes no sense counts as missing."""

    newest: int | None = None
    """The newest version."""
    base: BaseInfo | None = None
    chunk_bytes: int = 0
    """Of all of the base's chunks that are there."""
    first: int | None = None
    """The version of the stream's first entry."""
    last: int | None = None
    entries: int = 0


class RuleStore:
    """Reads and writes ``rules:*``. A `mark` is the lease's, see `Lease`."""

    def __init__(self, redis: Redis, *, lease: float, grace: float, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._redis = redis
        self._lease_milliseconds = int(lease * 1_000)
        self._grace = int(grace)
        self._chunk_bytes = chunk_bytes
        self._read_state = self._script("read_state")
        self._append = self._script("append_changes")
        self._put_chunk = self._script("put_chunk")
        self._publish = self._script("publish_base")

    def _script(self, name: str) -> Script:
        return self._redis.register_script(_HERE.with_name(f"{name}.lua").read_bytes())

    def state(self) -> StoreState:
        """Return what there is."""
        with redis_errors():
            answer = self._read_state(keys=[VERSION, BASE, CHANGES], args=[CHUNK_PREFIX])
        newest, pairs, chunk_bytes, first, last, entries = cast("list[object]", answer)
        fields = cast("list[bytes]", pairs)
        return StoreState(
            _version(cast("bytes | None", newest)),
            _base(dict(zip(fields[::2], fields[1::2], strict=True))),
            cast("int", chunk_bytes),
            None if first is None else entry_version(cast("bytes", first)),
            None if last is None else entry_version(cast("bytes", last)),
            cast("int", entries),
        )

    def append(self, mark: str, history: str, changes: Sequence[LoggedChange]) -> int:
        """Append versions to the stream and return the newest; those that are there already count as done.

        Raises
        ------
        Superseded
            The lease or the history is another one, or a version is missing before the first.
        """
        args: list[str | int | bytes] = [mark, history, self._lease_milliseconds, FIELD]
        for change in changes:
            args += [change.version, change.changes]
        with redis_errors():
            answer = self._append(keys=[LEASE, VERSION, BASE, CHANGES], args=args)
        return _accepted(answer)

    def write_base(self, mark: str, index: Index, history: str, built_at: int, *, continues: bool) -> BaseInfo:
        """Write a base and make it the one that readers begin with.

        With `continues`, what readers of the former base need to follow stays. Without, a new history begins.

        Raises
        ------
        Superseded
            The lease or the history is another one.
        """
        snapshot = index.to_bytes()
        info = describe(index, snapshot, history, built_at, self._chunk_bytes)
        for number in range(info.chunks):
            chunk = snapshot[number * self._chunk_bytes : (number + 1) * self._chunk_bytes]
            with redis_errors():
                _accepted(
                    self._put_chunk(keys=[LEASE, chunk_key(info.version, number)], args=[mark, self._grace, chunk])
                )
        expected = history if continues else ""
        fields = [part for field in info.fields().items() for part in field]
        args: list[str | int] = [
            mark,
            expected,
            CHUNK_PREFIX,
            self._grace,
            info.version,
            info.chunks,
            info.size,
            *fields,
        ]
        with redis_errors():
            answer = self._publish(keys=[LEASE, VERSION, BASE, CHANGES], args=args)
        _accepted(answer)
        return info

    def check_base(self, info: BaseInfo) -> None:
        """Read a base, as its readers do.

        Raises
        ------
        Malformed
            A reader would refuse it.
        """
        with redis_errors():
            chunks = [
                cast("bytes | None", self._redis.get(chunk_key(info.version, number))) for number in range(info.chunks)
            ]
        open_base(info, [chunk or b"" for chunk in chunks])


def _accepted(answer: object) -> int:
    number = cast("int", answer)
    if number < 0:
        raise Superseded(_REFUSALS[number])
    return number


def _version(text: bytes | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None


def _base(fields: Mapping[bytes, bytes]) -> BaseInfo | None:
    try:
        info = BaseInfo.from_fields(fields)
    except Malformed:
        return None
    return info if info.history else None
