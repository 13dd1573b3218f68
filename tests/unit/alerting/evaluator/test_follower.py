from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

import orjson
import pytest
from prometheus_client import REGISTRY

from alerting.evaluator.follower import Follower
from alerting.evaluator.rules import Rules
from alerting.evaluator.source import Entry, State
from alerting.rule_set.base import BaseInfo, describe
from alerting.rule_set.changes import Rule
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock
from matchcore import Index


def rule(name: str) -> Rule:
    return (name, "acme", "HIGH", "api", name)


def put(*names: str) -> bytes:
    fields = ("rule_id", "client_id", "severity", "source", "name")
    return orjson.dumps([dict(zip(fields, rule(name), strict=True)) | {"action": "CREATED"} for name in names])


class FakeSource:
    """Redis, in memory."""

    def __init__(self) -> None:
        self.base: tuple[BaseInfo, Index] | None = None
        self.entries: list[Entry] = []
        self.newest: int | None = None
        self.down = False
        self.damaged = False
        self.lost = False
        self.bases_read = 0
        self.replaced_while_read: tuple[BaseInfo, Index] | None = None

    def state(self) -> State:
        self._ask()
        return State(self.newest, self.base[0] if self.base else None)

    def read_base(self, info: BaseInfo) -> Index | None:
        self._ask()
        self.bases_read += 1
        assert self.base is not None
        assert self.base[0] == info
        if self.replaced_while_read is not None:
            self.base, self.replaced_while_read = self.replaced_while_read, None
            raise Malformed("invalid_field", "another checksum")
        if self.damaged:
            raise Malformed("invalid_field", "another checksum")
        return None if self.lost else self.base[1]

    def read_changes(self, after: int, wait: float) -> list[Entry]:
        assert wait <= 1
        self._ask()
        return [entry for entry in self.entries if entry.version > after]

    def close(self) -> None:
        pass

    def _ask(self) -> None:
        if self.down:
            raise Unavailable("redis", "down")

    def put_base(self, version: int, names: Iterable[str], history: str = "h") -> None:
        index = Index.build([rule(name) for name in names], version=version)
        self.base = describe(index, index.to_bytes(), history, 1), index
        self.newest = max(version, self.newest or 0)

    def append(self, version: int, changes: bytes) -> None:
        self.entries.append(Entry(version, changes))
        self.newest = version


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.source = FakeSource()
        self.rules = Rules(Telemetry(self.clock))
        self.follower = Follower(self.source, self.rules, self.clock)

    def step(self) -> bool:
        return self.follower.step(0)

    @property
    def now(self) -> tuple[int, set[str]] | None:
        current = self.rules.current
        return None if current is None else (current.version, set(current.live))


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def loaded(bench: Bench) -> Bench:
    bench.source.put_base(5, ["a", "b"])
    assert bench.step()
    return bench


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_loads_and_follows(bench: Bench) -> None:
    assert not bench.step()
    assert not bench.rules.wait(0)
    bench.source.put_base(5, ["a", "b"])
    bench.source.append(6, put("c"))
    bench.source.append(7, b'[{"rule_id": "a", "action": "DISABLED"}]')
    assert bench.step()
    assert bench.now == (5, {"a", "b"})
    assert bench.step()
    assert bench.now == (7, {"b", "c"})
    assert figure("alerting_rules_followed") == 1


def test_an_empty_rule_set_is_one(bench: Bench) -> None:
    bench.source.put_base(0, [])
    assert bench.step()
    assert bench.now == (0, set())


def test_a_newer_base_is_not_needed_by_who_follows(loaded: Bench) -> None:
    loaded.source.append(6, put("c"))
    loaded.source.put_base(6, ["a", "b", "c"])
    assert loaded.step()
    assert loaded.now == (6, {"a", "b", "c"})
    assert loaded.source.bases_read == 1


def test_begins_again_at_a_gap(loaded: Bench) -> None:
    loaded.source.append(7, put("d"))
    assert not loaded.step()
    assert loaded.now == (5, {"a", "b"})
    loaded.source.put_base(6, ["a", "b", "c"])
    assert loaded.step()
    assert loaded.step()
    assert loaded.now == (7, {"a", "b", "c", "d"})


def test_begins_again_when_versions_came_and_went(loaded: Bench) -> None:
    loaded.source.put_base(9, ["z"])
    assert loaded.step()
    assert loaded.now == (9, {"z"})


def test_waits_for_a_version_that_is_announced_and_not_there(loaded: Bench) -> None:
    loaded.source.newest = 6
    assert not loaded.step()
    assert loaded.now == (5, {"a", "b"})
    assert figure("alerting_rules_followed") == 0


def test_another_history_is_loaded_even_when_it_is_older(loaded: Bench) -> None:
    loaded.source.newest = None
    loaded.source.put_base(2, ["x"], history="restored")
    # An entry that fits by its number, and belongs to the other history.
    loaded.source.append(6, put("y"))
    assert loaded.step()
    assert loaded.now == (2, {"x"})


def test_nothing_is_applied_while_it_is_not_known_which_history_it_is(loaded: Bench) -> None:
    loaded.source.append(6, put("c"))
    loaded.source.base = None
    assert not loaded.step()
    assert loaded.now == (5, {"a", "b"})


def test_a_damaged_base_is_refused_and_the_last_good_one_kept(loaded: Bench) -> None:
    before = figure("alerting_rule_sets_refused_total", what="base")
    loaded.source.put_base(9, ["z"])
    loaded.source.damaged = True
    for _ in range(5):
        assert not loaded.step()
    assert loaded.now == (5, {"a", "b"})
    # Refused once, and not read over and over.
    assert loaded.source.bases_read == 2
    assert figure("alerting_rule_sets_refused_total", what="base") == before + 1
    loaded.source.damaged = False
    loaded.clock.advance(60)
    assert loaded.step()
    assert loaded.now == (9, {"z"})


def test_a_base_that_replaces_a_damaged_one_is_read_at_once(loaded: Bench) -> None:
    loaded.source.put_base(9, ["z"])
    loaded.source.damaged = True
    assert not loaded.step()
    loaded.source.damaged = False
    assert loaded.source.base is not None
    info, index = loaded.source.base
    loaded.source.base = replace(info, checksum="of the same rules, compiled again"), index
    assert loaded.step()


def test_a_base_that_was_replaced_while_it_was_read_is_no_damage(bench: Bench) -> None:
    before = figure("alerting_rule_sets_refused_total", what="base")
    bench.source.put_base(9, ["z"])
    bench.source.replaced_while_read = bench.source.base
    bench.source.put_base(8, ["y"])
    assert not bench.step()
    assert bench.step()
    assert bench.now == (9, {"z"})
    assert figure("alerting_rule_sets_refused_total", what="base") == before


def test_a_lost_chunk_is_waited_for(bench: Bench) -> None:
    bench.source.put_base(9, ["z"])
    bench.source.lost = True
    assert not bench.step()
    bench.source.lost = False
    assert bench.step()


@pytest.mark.parametrize("changes", [b"", b"{}", b'[{"rule_id": "x", "action": "CREATED"}]'])
def test_changes_that_cannot_be_applied_are_bridged_by_a_base(loaded: Bench, changes: bytes) -> None:
    before = figure("alerting_rule_sets_refused_total", what="changes")
    loaded.source.append(6, put("c"))
    loaded.source.append(7, changes)
    loaded.source.append(8, put("d"))
    for _ in range(3):
        assert not loaded.step()
    assert loaded.now == (6, {"a", "b", "c"})
    assert figure("alerting_rule_sets_refused_total", what="changes") == before + 1
    loaded.source.put_base(7, ["a", "b", "c", "x"])
    assert loaded.step()
    assert loaded.step()
    assert loaded.now == (8, {"a", "b", "c", "d", "x"})


def test_without_redis_the_rules_stay(loaded: Bench) -> None:
    loaded.source.down = True
    with pytest.raises(Unavailable):
        loaded.step()
    assert loaded.now == (5, {"a", "b"})
    loaded.source.down = False
    loaded.source.append(6, put("c"))
    assert loaded.step()
    assert loaded.now == (6, {"a", "b", "c"})


def test_its_rules_age_only_while_it_cannot_follow(loaded: Bench) -> None:
    begun = loaded.clock.now()
    loaded.clock.advance(10)
    assert loaded.step()
    assert figure("alerting_rules_confirmed_timestamp_seconds") == begun + 10
    loaded.source.newest = 9
    loaded.clock.advance(10)
    assert not loaded.step()
    assert figure("alerting_rules_confirmed_timestamp_seconds") == begun + 10


def test_the_thread_outlives_what_fails(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[Exception] = [ZeroDivisionError(), Unavailable("redis", "down"), ZeroDivisionError()]
    healthy = bench.source.state

    def failing() -> State:
        if faults:
            raise faults.pop()
        return healthy()

    monkeypatch.setattr(bench.source, "state", failing)
    bench.source.put_base(1, ["a"])
    with closing(bench.follower):
        bench.follower.start()
        assert bench.rules.wait(20)
    assert bench.now == (1, {"a"})
