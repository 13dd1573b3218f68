"""What requests say about clients, and what answers do."""

from typing import Final, Literal

from pydantic import Field

from alerting.rule_service.pagination import Page
from alerting.rule_service.sorting import SORTED, Column, SortedPaging, check_time
from alerting.rule_service.values import (
    Body,
    CreatedAt,
    Filter,
    Flag,
    Id,
    Patch,
    Search,
    Text,
    UpdatedAt,
    Version,
    searched,
)
from alerting.runtime.described import Described, examples


class ClientCreate(Body):
    """A new client."""

    model_config = examples({"id": "web-shop", "name": "The web shop"})

    id: Id
    """What paths and keys' scopes name it by; it cannot be changed."""
    name: Text
    """What people call it."""
    enabled: Flag = True
    """Whether its rules are in force."""


class ClientPatch(Patch):
    """What is to change of a client: what is left out stays, and nothing can be null."""

    model_config = examples({"enabled": False})

    name: Text | None = None
    """What people call it."""
    enabled: Flag | None = None
    """Whether its rules are in force; false takes all of them out of the rule set."""


class Client(Described):
    """A client."""

    id: str
    """What paths and keys' scopes name it by."""
    name: str
    """What people call it."""
    enabled: bool
    """Whether its rules are in force."""
    version: Version
    created_at: CreatedAt
    updated_at: UpdatedAt
    rules: int
    """How many rules it has, disabled ones too; at most 10,000."""
    rules_more: bool
    """Whether it has more rules than that."""
    endpoints_failing: int
    """How many enabled endpoints have a receiver whose latest attempts failed."""


class ClientPage(Page[Client]):
    """One page of clients."""


ClientSort = Literal["id", "-id", "name", "-name", "created_at", "-created_at"]


CLIENT_COLUMNS: Final = {
    "id": Column("id"),
    "name": Column("name", "lower({})"),
    "created_at": Column("created_at", check=check_time),
}


class ClientFilters(SortedPaging, Filter):
    """Which clients to list, in which order."""

    enabled: bool | None = Field(None, description="Only enabled ones, or only disabled ones.")
    search: Search | None = Field(None, description=searched("the id or the name"))
    sort: ClientSort = Field("id", description=SORTED)
