"""How long the service takes for a request."""

import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import httpx

from benches.tables.part import Interaction


class Timed(NamedTuple):
    """How long a request took, from its sending to its whole answer, over loopback."""

    name: str
    median: float
    worst: float
    """Milliseconds."""
    items: int | None
    """How many things the answer lists, when it is a list."""


def time_interaction(http: httpx.Client, interaction: Interaction, *, repeats: int) -> Timed:
    """Ask once to warm up, as whoever opens the page before does, and then so many times.

    Raises
    ------
    RuntimeError
        The answer is an error.
    """
    params = _page(http, interaction)
    answer, times = _ask(http, interaction, params), []
    for _ in range(repeats):
        begun = time.perf_counter()
        answer = _ask(http, interaction, params)
        times.append((time.perf_counter() - begun) * 1_000)
    return Timed(interaction.name, median(times), max(times), _listed(answer))


def _page(http: httpx.Client, interaction: Interaction) -> dict[str, Any]:
    params = dict(interaction.params)
    for _ in range(interaction.page):
        params["cursor"] = _ask(http, interaction, params)["next_cursor"]
    return params


def _ask(http: httpx.Client, interaction: Interaction, params: Mapping[str, Any]) -> dict[str, Any]:
    if interaction.body is None:
        response = http.get(interaction.path, params=params)
    else:
        response = http.post(interaction.path, json=interaction.body)
    if not response.is_success:
        raise RuntimeError(f"{interaction.name}: {response.status_code} {response.text}")
    answer: dict[str, Any] = response.json()
    return answer


def _listed(answer: Mapping[str, Any]) -> int | None:
    lists: Sequence[Any] = [value for value in answer.values() if isinstance(value, list)]
    return len(lists[0]) if lists else None
