"""Ids of what the platform makes."""

from uuid import UUID

import uuid_utils


def new_id() -> str:
    """Return a UUID of version 7: unique, and later ones sort after earlier ones."""
    return str(uuid_utils.uuid7())


def made_at(made: str) -> float:
    """Return the Unix seconds at which an id was made: a UUID of version 7 begins with its milliseconds."""
    return (UUID(made).int >> 80) / 1_000
