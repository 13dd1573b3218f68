"""Both implementations, side by side or one after the other."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

COMPILED = ("_index", "_matches", "_result", "_live", "_wire")
NAMES = ("Explanation", "Index", "LiveIndex", "MatchBatch", "Matches", "Router", "View")


@dataclass(frozen=True)
class Implementation:
    """The classes of one implementation. Any, because tests pass what the types forbid."""

    name: str
    Explanation: Any
    Index: Any
    LiveIndex: Any
    MatchBatch: Any
    Matches: Any
    Router: Any
    View: Any


def gather(name: str, *modules: ModuleType) -> Implementation:
    """Find the classes of an implementation in the modules that define them."""
    found = {cls: getattr(module, cls) for module in modules for cls in NAMES if hasattr(module, cls)}
    return Implementation(name, **found)


def load_compiled() -> Implementation:
    """Import the extension modules; their absence is an error of every test that needs them."""
    return gather("compiled", *(importlib.import_module(f"matchcore.{name}") for name in COMPILED))


def load_reference() -> Implementation:
    """Import the readable implementation."""
    return gather("reference", importlib.import_module("matchcore._reference"))


LOADERS = {"compiled": load_compiled, "reference": load_reference}


@pytest.fixture(scope="session", params=LOADERS)
def impl(request: pytest.FixtureRequest) -> Implementation:
    """Each implementation in turn, whichever of them `matchcore` has chosen."""
    return LOADERS[request.param]()


@pytest.fixture(scope="session")
def compiled() -> Implementation:
    """The compiled implementation."""
    return load_compiled()


@pytest.fixture(scope="session")
def reference() -> Implementation:
    """The readable implementation."""
    return load_reference()
