"""A base: the whole rule set at one version, as matchcore's snapshot, cut into chunks."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from alerting.runtime.errors import Malformed
from matchcore import Index
from matchcore.errors import SnapshotError

CHUNK_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """What the hash ``rules:base`` says."""

    version: int
    rules: int
    size: int
    """Of the snapshot, in bytes."""
    chunks: int
    checksum: str
    """SHA-256 of the snapshot, in hexadecimal digits."""
    built_at: int
    """Unix seconds."""
    history: str
    """Which line of versions this is. Another one means that equal versions need not be equal rules."""

    def fields(self) -> dict[str, str]:
        """Return the hash."""
        return {
            "version": str(self.version),
            "rules": str(self.rules),
            "bytes": str(self.size),
            "chunks": str(self.chunks),
            "checksum": self.checksum,
            "built_at": str(self.built_at),
            "history": self.history,
        }

    @classmethod
    def from_fields(cls, fields: Mapping[bytes, bytes]) -> Self:
        """Read the hash.

        Raises
        ------
        Malformed
            A field is missing, or no number.
        """
        return cls(
            version=_number(fields, "version"),
            rules=_number(fields, "rules"),
            size=_number(fields, "bytes"),
            chunks=_number(fields, "chunks"),
            checksum=fields.get(b"checksum", b"").decode(errors="replace"),
            built_at=_number(fields, "built_at"),
            history=fields.get(b"history", b"").decode(errors="replace"),
        )


def _number(fields: Mapping[bytes, bytes], name: str) -> int:
    try:
        number = int(fields[name.encode()])
    except KeyError:
        raise Malformed("missing_field", f"rules:base has no {name}") from None
    except ValueError:
        raise Malformed("invalid_field", f"rules:base: {name} is no number") from None
    if number < 0:
        raise Malformed("invalid_field", f"rules:base: {name} is negative")
    return number


def describe(index: Index, snapshot: bytes, history: str, built_at: int, chunk_bytes: int = CHUNK_BYTES) -> BaseInfo:
    """Say of an index what its readers check."""
    chunks = -(-len(snapshot) // chunk_bytes)
    checksum = hashlib.sha256(snapshot).hexdigest()
    return BaseInfo(index.version, len(index), len(snapshot), chunks, checksum, built_at, history)


def open_base(info: BaseInfo, chunks: Sequence[bytes]) -> Index:
    """Return the index that these chunks are.

    Raises
    ------
    Malformed
        They are not what the hash says, or no sound snapshot.
    """
    snapshot = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    if len(snapshot) != info.size:
        raise Malformed("invalid_field", f"base {info.version} has {len(snapshot)} bytes instead of {info.size}")
    if hashlib.sha256(snapshot).hexdigest() != info.checksum:
        raise Malformed("invalid_field", f"base {info.version} has another checksum")
    try:
        index = Index.from_buffer(snapshot, verify=True)
    except SnapshotError as error:
        raise Malformed("undecodable", f"base {info.version}: {error}") from None
    if (index.version, len(index)) != (info.version, info.rules):
        raise Malformed(
            "invalid_field",
            f"base {info.version} of {info.rules} rules holds {len(index)} of version {index.version}",
        )
    return index
