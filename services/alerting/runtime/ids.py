"""Ids of what the platform makes."""

import uuid_utils


def new_id() -> str:
    """Return a UUID of version 7: unique, and later ones sort after earlier ones."""
    return str(uuid_utils.uuid7())
