"""Pickle, of all protocols."""

import copy
import pickle
from typing import Any

import pytest

from fix_impl import Implementation
from fix_rules import RULES

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_index_survives(impl: Implementation, index: Any, protocol: int) -> None:
    other = pickle.loads(pickle.dumps(index, protocol))
    assert type(other) is impl.Index
    assert other == index
    assert other.version == 7
    assert list(other.rules()) == list(RULES)
    assert other.match("HIGH", "api", "timeout") == index.match("HIGH", "api", "timeout")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_empty_index_survives(impl: Implementation, protocol: int) -> None:
    assert len(pickle.loads(pickle.dumps(impl.Index.build([], version=3), protocol))) == 0


def test_an_index_survives_out_of_band(impl: Implementation, index: Any) -> None:
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(index, 5, buffer_callback=buffers.append)
    assert pickle.loads(head, buffers=buffers) == index


def test_out_of_band_the_pickle_itself_stays_small(impl: Implementation) -> None:
    index = impl.Index.build([(f"r{n}", "acme", "*", f"s{n}", "*") for n in range(1000)])
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(index, 5, buffer_callback=buffers.append)
    assert len(head) < 500
    assert sum(buffer.raw().nbytes for buffer in buffers) >= index.nbytes
    assert pickle.loads(head, buffers=[bytes(buffer) for buffer in buffers]) == index


def test_an_index_copies(index: Any) -> None:
    assert copy.copy(index) == index
    assert copy.deepcopy(index) == index


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_live_index_does_not_pickle(impl: Implementation, protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(impl.LiveIndex(), protocol)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_explanation_survives(index: Any, protocol: int) -> None:
    explanations = index.explain("HIGH", "api", "timeout")
    assert pickle.loads(pickle.dumps(explanations, protocol)) == explanations
