"""Swap storms: readers see the old rules or the new, never a mixture."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fix_impl import Implementation
from fix_proto import AlertMatched
from matchcore import Rule

RULES_EACH = 20
VERSIONS = 300
READERS = 3


@pytest.fixture(autouse=True)
def eager_switches() -> Iterator[None]:
    """Let threads take turns far more often than they would."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def rules_of(version: int) -> list[Rule]:
    """Return rules that all name their version, under ids that every version shares."""
    return [Rule(f"r{n}", f"v{version}", "*", "*", "*") for n in range(RULES_EACH)]


def storm(impl: Implementation, read: Callable[[Any], None]) -> None:
    """Replace all rules over and over while threads read, and raise what the threads raise."""
    live = impl.LiveIndex(impl.Index.build(rules_of(1), version=1))
    done = threading.Event()
    started = threading.Barrier(READERS + 1)

    def keep_reading() -> int:
        started.wait()
        reads = 0
        while not done.is_set() or reads == 0:
            read(live)
            reads += 1
        return reads

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(keep_reading) for _ in range(READERS)]
        started.wait()
        try:
            for version in range(2, VERSIONS):
                live.apply(rules_of(version), [f"r{n}" for n in range(version % RULES_EACH)], version=version)
                if version % 40 == 0:
                    live.compact()
        finally:
            done.set()
        assert all(reader.result(timeout=60) > 0 for reader in readers)
    assert live.match("", "", "") == {f"v{VERSIONS - 1}": tuple(sorted(f"r{n}" for n in range(RULES_EACH)))}


def assert_whole(matches: Any, version: int | None = None) -> None:
    """Raise unless all rules are there and of one version."""
    ((client_id, rule_ids),) = matches.items()
    assert len(rule_ids) == matches.count() == RULES_EACH
    assert version is None or client_id == f"v{version}"


def read_match(live: Any) -> None:
    assert_whole(live.match("HIGH", "api", "timeout"))


def read_count(live: Any) -> None:
    assert live.count("HIGH", "api", "timeout") == RULES_EACH
    assert live.any("HIGH", "api", "timeout") is True
    assert len(live) == RULES_EACH
    assert "r3" in live


def read_batch(live: Any) -> None:
    batch = live.match_batch(["x"] * 20, ["x"] * 20, ["x"] * 20)
    for matches in batch:
        assert_whole(matches)
    assert len({tuple(matches) for matches in batch}) == 1


def read_rules(live: Any) -> None:
    assert len({rule.client_id for rule in live.rules()}) == 1
    assert len(set(live)) == RULES_EACH
    assert len({explanation.rule.client_id for explanation in live.explain("", "", "")}) == 1


def read_reader(live: Any) -> None:
    reader = live.reader()
    for _ in range(5):
        assert_whole(reader.match("HIGH", "api", "timeout"), reader.version)
        assert {rule.client_id for rule in reader.rules()} == {f"v{reader.version}"}


@pytest.mark.parametrize("read", [read_match, read_count, read_batch, read_rules, read_reader])
def test_readers_see_whole_versions(impl: Implementation, read: Callable[[Any], None]) -> None:
    storm(impl, read)


def test_routers_see_whole_versions(impl: Implementation) -> None:
    def read(live: Any) -> None:
        routed = impl.Router(live).route_batch([b""] * 10)
        assert len({tuple(one) for one in routed}) == 1
        ((client, out),) = routed[0]
        message = AlertMatched.FromString(out)
        assert client.decode() == message.client_id == f"v{message.rules_version}"
        assert len(message.rule_ids) == RULES_EACH

    storm(impl, read)


def test_a_reader_never_goes_back(impl: Implementation) -> None:
    newest = threading.local()

    def read(live: Any) -> None:
        version = live.version
        assert version >= getattr(newest, "version", 0)
        newest.version = version

    storm(impl, read)


def test_writers_take_turns(impl: Implementation) -> None:
    live = impl.LiveIndex()

    def write(writer: int) -> None:
        for n in range(50):
            live.apply([Rule(f"w{writer}-{n}", f"c{writer}", "*", "*", "*")])
            if n % 20 == 19:
                live.compact()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert live.version == len(live) == 200
    assert live.count("", "", "") == 200


def test_one_index_serves_many_threads(impl: Implementation) -> None:
    index = impl.Index.build([Rule(f"r{n}", f"c{n % 5}", "*", f"s{n % 10}", "*") for n in range(200)])
    alone = [dict(index.match("", f"s{n}", "")) for n in range(10)]

    def read(_: int) -> bool:
        sources = [f"s{n}" for n in range(10)]
        return list(index.match_batch([""] * 10, sources, [""] * 10)) == alone and index.match("", "s3", "") == alone[3]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, range(100)))
