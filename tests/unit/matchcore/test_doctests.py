"""The examples in the docstrings."""

import doctest
import importlib

import pytest

MODULES = (
    "matchcore",
    "matchcore.rule",
    "matchcore._index",
    "matchcore._live",
    "matchcore._wire",
    "matchcore._reference_checks",
    "matchcore._reference_index",
    "matchcore._reference_live",
    "matchcore._reference_wire",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_work(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
