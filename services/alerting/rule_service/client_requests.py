"""What requests say about clients, and what answers do."""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel

from alerting.rule_service.sorting import Column, SortedPaging, check_time
from alerting.rule_service.values import Body, Filter, Flag, Id, Patch, Search, Text


class ClientCreate(Body):
    """A new client."""

    id: Id
    name: Text
    enabled: Flag = True


class ClientPatch(Patch):
    """What is to change of a client."""

    name: Text | None = None
    enabled: Flag | None = None


class Client(BaseModel):
    """A client."""

    id: str
    name: str
    enabled: bool
    version: int
    created_at: datetime
    updated_at: datetime
    rules: int
    """At most 10,000."""
    rules_more: bool
    """Whether it has more rules than that."""
    endpoints_failing: int
    """Enabled endpoints whose receiver's latest attempts failed."""


ClientSort = Literal["id", "-id", "name", "-name", "created_at", "-created_at"]


CLIENT_COLUMNS: Final = {
    "id": Column("id"),
    "name": Column("name", "lower({})"),
    "created_at": Column("created_at", check=check_time),
}


class ClientFilters(SortedPaging, Filter):
    """Which clients to list, in which order."""

    enabled: bool | None = None
    search: Search | None = None
    sort: ClientSort = "id"
