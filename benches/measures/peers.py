"""Quamina and Event Ruler with the same rules and events."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benches import baseline, rounds
from benches.figures import Figure
from benches.peers.engines import ENGINES, UnavailableError
from benches.settings import Settings
from benches.workloads import Columns, Event, make
from matchcore import Index

from .matching import call_each

__all__ = ["measure"]

_EVENTS: Final = 50_000
_ROUNDS: Final = 3
_SECONDS: Final = 3
_LONGEST_RUN: Final = 1800.0


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the table *peers* for x and mix."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        commands = _build(folder, settings)
        for workload in ("x", "mix"):
            for size in settings.peer_sizes if commands else ():
                yield from _measure(workload, size, settings, folder, commands)


def _build(folder: Path, settings: Settings) -> dict[str, list[str]]:
    commands = {}
    for engine in ENGINES:
        place = folder / engine.name.replace(" ", "-").lower()
        place.mkdir()
        try:
            commands[engine.name] = engine.build(place, settings.quamina)
        except UnavailableError as error:
            print(f"{engine.name} is left out: {error}", file=sys.stderr)
    return commands


def _measure(
    name: str, size: int, settings: Settings, folder: Path, commands: dict[str, list[str]]
) -> Iterator[Figure]:
    figure = partial(Figure, "peers", name, size)
    workload = make(name, size, _EVENTS, settings.seed)
    columns, events = workload.rules.columns(), workload.events.rows()
    index = Index.from_columns(*columns)
    ours = _ours(index, columns, events)
    for engine, nanoseconds in ours.items():
        yield figure(engine, nanoseconds, "ns")
    _write(folder, columns, events)
    for engine, command in commands.items():
        if (found := _run(engine, command, folder)) is None:
            continue
        _compare(engine, found, index, events)
        yield figure(engine, found["ns_per_event"], "ns")
        yield figure(engine, found["ns_per_event"] / ours["matchcore"], "×")
        yield figure(f"{engine}: build", size / found["build_seconds"], "rules/s")
        yield figure(f"{engine}: memory", found["bytes"] / size, "B")


def _ours(index: Index, columns: Columns, events: list[Event]) -> dict[str, float]:
    contenders = {
        "flat dict": partial(call_each, baseline.flat_matcher(baseline.build_flat(columns.rows())), events),
        "matchcore": partial(call_each, index.match, events),
    }
    times = rounds.interleave(contenders, _ROUNDS)
    return {engine: rounds.typical(times, engine) / len(events) for engine in contenders}


def _write(folder: Path, columns: Columns, events: list[Event]) -> None:
    with (folder / "rules.jsonl").open("w", encoding="utf-8") as file:
        for rule_id, _, *fields in columns.rows():
            file.write(json.dumps({"id": rule_id, "pattern": _pattern(*fields)}) + "\n")
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        for severity, source, name in events:
            file.write(json.dumps({"severity": severity, "source": source, "name": name}) + "\n")


def _pattern(severity: str, source: str, name: str) -> dict[str, list[Any]]:
    """Leave wildcards out; a pattern of three of them asks for a severity, which every event has."""
    fields = {"severity": severity, "source": source, "name": name}
    exact: dict[str, list[Any]] = {field: [value] for field, value in fields.items() if value != "*"}
    return exact or {"severity": [{"exists": True}]}


def _run(engine: str, command: list[str], folder: Path) -> dict[str, Any] | None:
    arguments = [str(folder / "rules.jsonl"), str(folder / "events.jsonl"), str(_ROUNDS), str(_SECONDS)]
    try:
        done = subprocess.run([*command, *arguments], check=True, capture_output=True, text=True, timeout=_LONGEST_RUN)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"{engine} is left out: {error}\n{(error.stderr or b'')!r}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _compare(engine: str, found: dict[str, Any], index: Index, events: list[Event]) -> None:
    """Refuse to compare an engine that found other rules."""
    expected = sum(index.count(*event) for event in events[: found["events"]])
    if found["matches"] != expected:
        raise AssertionError(f"{engine} found {found['matches']} matches, matchcore {expected}")
