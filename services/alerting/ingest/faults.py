"""What is wrong with an alert, or with a whole request: for its sender to read."""

from typing import NamedTuple

_MOST_SHOWN = 64


class Rejected(Exception):
    """One alert is wrong, in one field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class Unreadable(Exception):
    """A request that has no alerts to look at: not JSON, or not of the format's shape."""

    def __init__(self, detail: str, *, status: int = 422, field: str = "body", item: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.field = field
        self.item = item


class Reject(NamedTuple):
    """An alert that was refused, by its place in the request."""

    item: int | None
    field: str
    message: str

    @classmethod
    def of(cls, item: int | None, error: Rejected) -> "Reject":
        """Place an error in its request."""
        return cls(item, error.field, error.message)

    def __str__(self) -> str:
        place = "" if self.item is None else f"item {self.item}: "
        return f"{place}{self.field}: {self.message}"


def shown(name: str) -> str:
    """Return a name that came from outside, short enough for an error's text."""
    return name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
