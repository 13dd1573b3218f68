"""Bases as evaluators read them from a real Redis, whole and damaged."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from redis import Redis

from alerting.evaluator.source import RedisRuleSource, State
from alerting.rule_set.keys import BASE, CHANGES, VERSION, chunk_key
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.runtime.config import Settings
from alerting.runtime.errors import Malformed, Unavailable
from fix_follower import Evaluating
from fix_rule_book import RuleBook
from fix_rule_updater import Updater

A = ("a", "acme", "HIGH", "api", "*")
B = ("b", "zeta", "*", "*", "Up")


@pytest.fixture
def redis(redis_url: str) -> Iterator[Any]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def source(settings: RuleUpdaterSettings) -> Iterator[RedisRuleSource]:
    with closing(RedisRuleSource(settings)) as source:
        yield source


@pytest.fixture
def updater(settings: RuleUpdaterSettings) -> Iterator[Updater]:
    with closing(Updater(settings, chunk_bytes=500)) as updater:
        yield updater


@pytest.fixture
def evaluating(settings: RuleUpdaterSettings) -> Iterator[Evaluating]:
    with closing(Evaluating(settings)) as evaluating:
        yield evaluating


def test_reads_what_rule_updater_wrote(source: RedisRuleSource, updater: Updater, book: RuleBook) -> None:
    assert source.state() == State(None, None)
    assert source.read_changes(0, 0) == []
    book.put(A)
    updater.settle()
    book.put(B)
    updater.settle()
    state = source.state()
    assert state.newest == 2
    assert state.base is not None
    assert state.base.chunks > 1
    index = source.read_base(state.base)
    assert index is not None
    assert frozenset(index.rules()) == book.history[1]
    assert [entry.version for entry in source.read_changes(1, 0)] == [2]
    assert [entry.version for entry in source.read_changes(1, 1)] == [2]


def test_waits_for_a_change_no_longer_than_it_was_told(source: RedisRuleSource) -> None:
    assert source.read_changes(0, 0.05) == []


def test_reads_a_bounded_number_of_entries(source: RedisRuleSource, redis: Any) -> None:
    for version in range(1, 100):
        redis.xadd(CHANGES, {"changes": "[]"}, id=f"{version}-0")
    entries = source.read_changes(10, 0)
    assert 1 < len(entries) < 50
    assert [entry.version for entry in entries] == list(range(11, 11 + len(entries)))


@pytest.mark.parametrize("value", ["x", "-1", "1.5", ""])
def test_a_version_that_is_no_number_is_nonsense(source: RedisRuleSource, redis: Any, value: str) -> None:
    redis.set(VERSION, value)
    with pytest.raises(Malformed):
        source.state()


def test_keys_of_another_type_are_an_outage_and_no_crash(source: RedisRuleSource, redis: Any) -> None:
    redis.set(BASE, "text")
    redis.set(CHANGES, "text")
    with pytest.raises(Unavailable):
        source.state()
    with pytest.raises(Unavailable):
        source.read_changes(0, 0)


def test_nobody_answers() -> None:
    nobody = Settings.model_validate({"redis_url": "redis://127.0.0.1:1/0"})
    with closing(RedisRuleSource(nobody)) as source, pytest.raises(Unavailable):
        source.state()


def damage(redis: Any, how: str, version: int) -> None:
    chunk = chunk_key(version, 1)
    content = redis.get(chunk)
    if how == "a byte":
        redis.setrange(chunk, 100, bytes([content[100] ^ 1]))
    elif how == "truncated":
        redis.set(chunk, content[:-1])
    elif how == "swapped":
        redis.rename(chunk_key(version, 0), chunk)
        redis.set(chunk_key(version, 0), content)
    elif how == "lost":
        redis.delete(chunk)
    elif how == "checksum":
        redis.hset(BASE, "checksum", "0" * 64)
    elif how == "rules":
        redis.hset(BASE, "rules", 77)
    elif how == "version":
        redis.hset(BASE, "bytes", 1)
    else:
        redis.hdel(BASE, "chunks")


@pytest.mark.parametrize(
    "how", ["a byte", "truncated", "swapped", "lost", "checksum", "rules", "version", "a field that is gone"]
)
def test_a_damaged_base_is_refused_and_the_last_good_rules_are_kept(
    evaluating: Evaluating,
    updater: Updater,
    book: RuleBook,
    redis: Any,
    settings: RuleUpdaterSettings,
    how: str,
) -> None:
    book.put(A)
    updater.settle()
    assert evaluating.step()
    good = (1, book.rules)
    # Another history makes the base the only way on.
    redis.flushdb()
    book.put(B)
    updater.settle()
    damage(redis, how, 2)
    with closing(Evaluating(settings)) as fresh:
        for _ in range(3):
            assert not evaluating.step()
            assert not fresh.step()
        assert evaluating.now == good
        assert fresh.now is None
        # A rule-updater that starts looks closely, and mends it.
        updater.close()
        with closing(Updater(settings, chunk_bytes=500)) as another:
            another.settle()
        assert evaluating.step()
        assert fresh.step()
        assert evaluating.now == fresh.now == (2, book.rules)
