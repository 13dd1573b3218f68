"""The checks of what is set."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, warn


def values(facts: Facts) -> Finding:
    """Judge whether all settings can be read."""
    wrong = facts.settings.faults
    if not wrong:
        return ok("settings.values", "every service's settings can be read")
    return fail("settings.values", "; ".join(f"{fault.variable}: {fault.why}" for fault in wrong))


def unknown(facts: Facts) -> Finding:
    """Judge whether all that is set is a setting."""
    strangers = facts.settings.unread
    if not strangers:
        return ok("settings.unknown", "nothing is set that no service reads")
    names = [f"{each.name} (is {each.meant} meant?)" if each.meant else each.name for each in strangers]
    return warn("settings.unknown", f"no service reads {', '.join(names)}")


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {"settings.values": values, "settings.unknown": unknown}
