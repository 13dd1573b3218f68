"""What went wrong, by what to do next.

::

    AlertingError
    ├── Unavailable     a dependency does not answer: wait, then do the same again
    ├── Malformed       an input is wrong and will stay so: dead letter
    └── PlaceLost       a consumer does not know where it was: start anew, behind the last commit
"""


class AlertingError(Exception):
    """The root of the platform's errors."""


class Unavailable(AlertingError):
    """A dependency does not answer; the same again may work later."""

    def __init__(self, dependency: str, cause: object) -> None:
        super().__init__(f"{dependency}: {cause}")
        self.dependency = dependency


class Malformed(AlertingError):
    """An input that no repetition mends."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class PlaceLost(AlertingError):
    """A consumer could not go back to messages that were not handled; to go on would skip them."""
