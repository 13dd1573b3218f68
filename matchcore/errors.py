"""What the library raises.

    MatchcoreError
    ├── RuleError (ValueError)          a rule that cannot be compiled
    │   └── RuleTypeError (TypeError)   a rule, or a field of it, of a wrong type
    ├── SnapshotError (ValueError)      bytes that are not a usable snapshot
    └── WireError (ValueError)          bytes that are not an AlertNew message

None of them is worth a retry: the input has to change.
"""

__all__ = ["MatchcoreError", "RuleError", "RuleTypeError", "SnapshotError", "WireError"]


class MatchcoreError(Exception):
    """The root of every error that is the library's own."""


class RuleError(MatchcoreError, ValueError):
    """A rule that cannot be compiled.

    Parameters
    ----------
    position
        The rule's place in the input, from 0.
    field
        The name of the field at fault, or None when the rule as a whole is.
    reason
        What is wrong with it.
    """

    def __init__(self, position: int, field: str | None, reason: str) -> None:
        super().__init__(position, field, reason)
        self.position = position
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        where = f"rule {self.position}" if self.field is None else f"rule {self.position}, {self.field}"
        return f"{where}: {self.reason}"


class RuleTypeError(RuleError, TypeError):
    """A rule, or a field of one, that has a wrong type."""


class SnapshotError(MatchcoreError, ValueError):
    """Bytes that are not a snapshot, or a damaged one, or one of another version."""


class WireError(MatchcoreError, ValueError):
    """Bytes that are not a well-formed AlertNew message.

    Parameters
    ----------
    offset
        Where in the payload the element begins that is at fault, in bytes.
    reason
        What is wrong with it.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(offset, reason)
        self.offset = offset
        self.reason = reason

    def __str__(self) -> str:
        return f"byte {self.offset}: {self.reason}"
