"""The names in Redis. They share no hash slot: one server with its replicas, not a cluster in slots, holds them all."""

from typing import Final

VERSION: Final = "rules:version"
"""The newest version that is here, as a base or as an entry of the stream."""

BASE: Final = "rules:base"
"""A hash about the newest whole rule set: see `alerting.rule_set.base.BaseInfo`."""

CHUNK_PREFIX: Final = "rules:base:"
"""``rules:base:<version>:<n>``: the bytes of a base, cut into chunks, from 0."""

CHANGES: Final = "rules:changes"
"""A stream with an entry for each version behind the base, and for some before it."""

LEASE: Final = "rules:lease"
"""Held by the one rule-updater that writes; its value begins with a fencing token."""

LEASE_TOKEN: Final = "rules:lease:token"  # noqa: S105 (a number that grows, and no secret)
"""How many times the lease was taken."""

FIELD: Final = b"changes"
"""The one field of an entry: a JSON array, see `alerting.rule_set.changes`."""


def chunk_key(version: int, number: int) -> str:
    """Return where a base's chunk is."""
    return f"{CHUNK_PREFIX}{version}:{number}"


def entry_id(version: int) -> str:
    """Return the id of the stream's entry that leads to a version."""
    return f"{version}-0"


def entry_version(entry: bytes) -> int:
    """Return the version that an entry leads to."""
    return int(entry.partition(b"-")[0])
