"""From an alert's bytes to the bytes for each of its clients."""

from collections.abc import Iterable, Iterator
from functools import partial

from benches import rounds
from benches.figures import Figure
from benches.payloads import encode_all
from benches.settings import Settings
from benches.workloads import make
from matchcore import Index, Router

__all__ = ["measure", "route_batches"]

_BATCH = 1024
_MOST_RULES = 1_000_000


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the table *route*, for the sizes up to a million rules."""
    for size in settings.sizes:
        if size <= _MOST_RULES:
            yield from _measure(size, settings)


def _measure(size: int, settings: Settings) -> Iterator[Figure]:
    workload = make("routed", size, settings.events, settings.seed)
    router = Router(Index.from_columns(*workload.rules.columns(), version=1))
    payloads = encode_all(workload.events)
    batches = [payloads[i : i + _BATCH] for i in range(0, len(payloads), _BATCH)]
    contenders = {
        "route_batch": lambda: route_batches(router, batches),
        "route": lambda: _route_each(router, payloads),
    }
    times = rounds.interleave(contenders, settings.rounds)
    figure = partial(Figure, "route", "routed", size)
    yield figure("clients", sum(len(router.route(payload)) for payload in payloads) / len(payloads), "")
    yield figure("payload", sum(map(len, payloads)) / len(payloads), "B")
    for name in contenders:
        yield figure(name, rounds.typical(times, name) / len(payloads), "ns")


def route_batches(router: Router, batches: Iterable[list[bytes]]) -> None:
    """Route the payloads a batch at a time, and throw the results away."""
    route_batch = router.route_batch
    for batch in batches:
        route_batch(batch)


def _route_each(router: Router, payloads: Iterable[bytes]) -> None:
    route = router.route
    for payload in payloads:
        route(payload)
