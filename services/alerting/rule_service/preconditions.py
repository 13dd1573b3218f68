"""Optimistic locking over HTTP: ``ETag`` tells a version, ``If-Match`` says which one is to be changed."""

import re
from typing import Annotated, Final

from fastapi import Header

from alerting.rule_service.faults import raise_fault
from alerting.runtime.problem import Problem

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The version that is to be changed, in quotes; `*` is any.", examples=['"3"']),
]

_TAG: Final = re.compile(r'\s*(W/)?"([^"]*)"\s*')


def etag(version: int) -> str:
    """Return a version as an entity tag."""
    return f'"{version}"'


def check_version(if_match: str | None, version: int, *, required: bool) -> None:
    """Return when the caller means this version.

    Raises
    ------
    Problem
        428: it is required to say which version, and was not said. 412: another one is meant. 422: nothing is.
    """
    if if_match is None:
        if required:
            raise Problem(428, 'say which version you mean: If-Match: "<version>"', headers={"etag": etag(version)})
        return
    if if_match.strip() == "*":
        return
    tags = [_TAG.fullmatch(part) for part in if_match.split(",")]
    if not all(tags):
        raise_fault(422, "If-Match", 'not a list of quoted versions, such as "3"')
    # A weak tag never matches: that is what makes it weak.
    if not any(tag and tag[1] is None and tag[2] == str(version) for tag in tags):
        raise Problem(412, f"it is at version {version} now", headers={"etag": etag(version)})
