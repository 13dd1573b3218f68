import threading
from collections.abc import Iterator
from contextlib import closing
from typing import cast

import pytest

from alerting.rule_set.base import BaseInfo, describe
from alerting.rule_updater.compactor import Compactor, Job
from alerting.rule_updater.store import RuleStore, Superseded
from alerting.runtime.errors import Malformed, Unavailable
from fix_clock import FakeClock
from matchcore import Index

BOUND = 20.0
JOB = Job("changes", "mark", "history", continues=True)
INFO = BaseInfo(1, 1, 1, 1, "checksum", 1, "history")


class FakeStore:
    def __init__(self) -> None:
        self.written: list[tuple[str, str, bool]] = []
        self.sound = True

    def write_base(self, mark: str, index: Index, history: str, built_at: int, *, continues: bool) -> BaseInfo:
        self.written.append((mark, history, continues))
        return describe(index, b"", history, built_at)

    def check_base(self, info: BaseInfo) -> None:
        assert info == INFO
        if not self.sound:
            raise Malformed("invalid_field", "another checksum")


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = FakeStore()
        self.done = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.reads = 0
        self.fault: Exception | None = None
        self.compactor = Compactor(self.read, cast("RuleStore", self.store), self.clock, self.done)

    def read(self) -> Index:
        self.reads += 1
        assert self.go_on.wait(BOUND)
        if self.fault is not None:
            raise self.fault
        return Index.build([])

    def request(self, job: Job = JOB) -> None:
        self.done.clear()
        self.compactor.request(job)

    def finish(self, job: Job = JOB) -> None:
        self.request(job)
        assert self.done.wait(BOUND)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    with closing(bench.compactor):
        bench.compactor.start()
        yield bench


def test_writes_what_was_asked_for_under_the_lease_of_then(bench: Bench) -> None:
    bench.finish()
    bench.finish(Job("missing", "other", "new", continues=False))
    assert bench.store.written == [("mark", "history", True), ("other", "new", False)]


def test_takes_one_job_at_a_time(bench: Bench) -> None:
    bench.go_on.clear()
    bench.request()
    for _ in range(10):
        bench.compactor.request(JOB)
    bench.go_on.set()
    assert bench.done.wait(BOUND)
    assert bench.reads == 1


@pytest.mark.parametrize(
    "fault",
    [Unavailable("postgres", "down"), Superseded("lost"), Malformed("invalid_field", "a rule"), ZeroDivisionError()],
)
def test_outlives_what_fails_and_pauses_before_the_next(bench: Bench, fault: Exception) -> None:
    bench.fault = fault
    bench.finish()
    bench.fault = None
    bench.compactor.request(JOB)
    assert bench.reads == 1
    bench.clock.advance(10)
    bench.finish()
    assert bench.reads == 2
    assert len(bench.store.written) == 1


def test_a_sound_base_is_left_alone_and_a_damaged_one_replaced(bench: Bench) -> None:
    check = JOB._replace(cause="checksum", check=INFO)
    bench.finish(check)
    assert bench.store.written == []
    bench.store.sound = False
    bench.finish(check)
    assert len(bench.store.written) == 1


def test_ends_although_nothing_was_started() -> None:
    Bench().compactor.close()
