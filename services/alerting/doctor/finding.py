"""What one check found."""

from dataclasses import dataclass
from typing import Literal

from alerting.doctor.catalog import CHECKS

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    check: str
    """Its name, as the catalog has it."""
    status: Status
    found: str
    """What is so; of a check that was skipped, why."""
    advice: str = ""
    """What to do; empty where nothing is to be done."""


def ok(check: str, found: str) -> Finding:
    """Tell that all is well."""
    return Finding(check, "ok", found)


def warn(check: str, found: str, advice: str = "") -> Finding:
    """Tell what works and should be otherwise; the advice is the catalog's unless a better one is given."""
    return Finding(check, "warn", found, advice or CHECKS[check].remedy)


def fail(check: str, found: str, advice: str = "") -> Finding:
    """Tell what does not work; the advice is the catalog's unless a better one is given."""
    return Finding(check, "fail", found, advice or CHECKS[check].remedy)


def skipped(check: str, because: str) -> Finding:
    """Tell why nothing was found out."""
    return Finding(check, "skipped", because)
