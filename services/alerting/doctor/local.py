"""The checks of the machine that `alerting up` runs on."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, warn

_LITTLE: Final = 1 << 30
_NEXT_TO_NOTHING: Final = 200 << 20
_SHARE: Final = 0.1


def disk(facts: Facts) -> Finding:
    """Judge whether there is room for more."""
    free, size = known(facts.disk)
    found = f"{free / 2**30:,.1f} of {size / 2**30:,.1f} GiB are free"
    if free < _NEXT_TO_NOTHING:
        return fail("local.disk", found)
    return warn("local.disk", found) if free < max(_LITTLE, _SHARE * size) else ok("local.disk", found)


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {"local.disk": disk}
