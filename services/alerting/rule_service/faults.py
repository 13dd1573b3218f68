"""Answers that name what is wrong with a request."""

from collections.abc import Sequence
from typing import NoReturn

from alerting.runtime.problem import Fault, Problem


def raise_faults(status: int, faults: Sequence[Fault]) -> None:
    """Answer with the faults, if there are any."""
    if faults:
        raise Problem(status, f"{faults[0].field}: {faults[0].message}", faults)


def raise_fault(status: int, field: str, message: str) -> NoReturn:
    """Answer that a field is at fault."""
    raise Problem(status, f"{field}: {message}", [Fault(field=field, message=message)])
