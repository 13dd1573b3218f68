"""What a part of the benchmark is: some tables that are filled, and the requests that are timed on them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import httpx
import psycopg
from psycopg.rows import TupleRow

Connection = psycopg.Connection[TupleRow]


class Sizes(NamedTuple):
    """How many rows the tables get."""

    clients: int
    rules: int
    endpoints: int
    notifications: int


class Interaction(NamedTuple):
    """One request that a person's click makes."""

    name: str
    path: str
    params: Mapping[str, Any] = {}
    body: Any = None
    """Posted, when there is one."""
    page: int = 0
    """How many cursors to follow before the request that is timed."""


class Part(Protocol):
    """A module of this folder."""

    def fill(self, connection: Connection, sizes: Sizes) -> None:
        """Fill the tables. Those of the parts before are filled, and the catalog of alerts is the table `catalog`."""

    def interactions(self, connection: Connection, http: httpx.Client) -> Sequence[Interaction]:
        """Return what is timed; `http` asks as an admin."""
