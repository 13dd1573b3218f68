"""Rules that the example tests share."""

from __future__ import annotations

from typing import Any

import pytest

from fix_impl import Implementation
from matchcore import Rule

# zeta comes first, so that a client's ordinal and its place in the alphabet differ; so do r9's and r1's.
RULES = (
    Rule("r9", "zeta", "HIGH", "api", "*"),
    Rule("r1", "acme", "HIGH", "api", "timeout"),
    Rule("r5", "zeta", "*", "*", "*"),
    Rule("r4", "acme", "*", "api", "timeout"),
    Rule("r2", "acme", "LOW", "db", "disk"),
    Rule("r3", "beta", "HIGH", "*", "timeout"),
)


@pytest.fixture
def index(impl: Implementation) -> Any:
    """`RULES` at version 7."""
    return impl.Index.build(RULES, version=7)


@pytest.fixture(params=["index", "reader of the base", "reader of an overlay", "reader after compact"])
def view(impl: Implementation, request: pytest.FixtureRequest) -> Any:
    """`RULES` at version 7, however they came to be there."""
    if request.param == "index":
        return impl.Index.build(RULES, version=7)
    if request.param == "reader of the base":
        return impl.LiveIndex(impl.Index.build(RULES, version=7)).reader()
    live = impl.LiveIndex(impl.Index.build(RULES[:3], version=3))
    live.apply(RULES[3:], version=7)
    if request.param == "reader after compact":
        live.compact()
    return live.reader()
