"""What went wrong, by what to do next.

::

    AlertingError
    ├── Unavailable     a dependency does not answer: wait, then do the same again
    └── Malformed       an input is wrong and will stay so: dead letter
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
