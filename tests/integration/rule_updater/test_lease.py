"""Only one rule-updater writes, whatever became of the others."""

from collections.abc import Callable
from typing import Any

import pytest

from alerting.rule_set.base import BaseInfo
from alerting.rule_set.keys import BASE, CHANGES, LEASE, LEASE_TOKEN, VERSION
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.log import LoggedChange
from alerting.rule_updater.store import Superseded
from fix_rule_book import RuleBook
from fix_rule_updater import Updater
from matchcore import Index

# redis-py's types are those of all of its clients at once.
Client = Any

A = ("a", "acme", "HIGH", "api", "*")
B = ("b", "zeta", "*", "*", "Up")


def expire(redis: Client) -> None:
    """Let the lease's time pass."""
    redis.delete(LEASE)


def mark(updater: Updater) -> str:
    assert updater.lease.mark is not None
    return updater.lease.mark


def test_one_holds_it_and_renews_it(redis: Client) -> None:
    first, second = Lease(redis, "first", 100.0), Lease(redis, "second", 100.0)
    assert first.hold()
    assert not second.hold()
    redis.pexpire(LEASE, 5_000)
    held = first.mark
    assert first.hold()
    assert first.mark == held
    assert redis.pttl(LEASE) > 90_000


def test_the_token_grows_whenever_it_changes_hands(redis: Client) -> None:
    first, second = Lease(redis, "first", 100.0), Lease(redis, "second", 100.0)
    tokens = []
    for lease in (first, second, first):
        assert lease.hold()
        tokens.append(int((lease.mark or "").split()[0]))
        expire(redis)
    assert tokens == [1, 2, 3]
    assert redis.get(LEASE_TOKEN) == b"3"


def test_what_is_given_back_is_free_and_only_ones_own_is_given_back(redis: Client) -> None:
    first, second = Lease(redis, "first", 100.0), Lease(redis, "second", 100.0)
    assert first.hold()
    first.release()
    assert second.hold()
    first.mark = "1 first"
    first.release()
    assert redis.exists(LEASE)


def test_a_standby_takes_over_when_the_time_is_up(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    first, second = new_updater(), new_updater()
    first.settle()
    assert not second.step()
    first.crash()
    book.put(A)
    assert not second.step()
    assert redis.get(VERSION) == b"0"
    assert 0 < redis.pttl(LEASE) <= 5_000
    expire(redis)
    assert second.step()
    assert redis.get(VERSION) == b"1"


def test_one_that_stops_hands_over_at_once(new_updater: Callable[..., Updater]) -> None:
    first, second = new_updater(), new_updater()
    assert first.step()
    first.keeper.close()
    assert second.step()


def test_a_stalled_holder_cannot_append_after_its_successor(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    stalled, successor = new_updater(), new_updater()
    stalled.settle()
    book.put(A)
    change = list(stalled.log.changes(0))
    history = stalled.store.state().base
    assert history is not None
    expire(redis)
    assert successor.step()
    with pytest.raises(Superseded):
        stalled.store.append(mark(stalled), history.history, change)
    with pytest.raises(Superseded):
        stalled.store.append(mark(stalled), history.history, [LoggedChange(2, "[]")])
    assert redis.xlen(CHANGES) == 1


def test_nobody_can_write_while_nobody_holds_it(updater: Updater, redis: Client) -> None:
    updater.settle()
    expire(redis)
    with pytest.raises(Superseded):
        updater.store.append(mark(updater), "any", [LoggedChange(1, "[]")])
    with pytest.raises(Superseded):
        updater.store.write_base(mark(updater), Index.build([]), "any", 1, continues=False)


def test_a_stalled_holder_cannot_touch_the_base_of_its_successor(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    stalled, successor = new_updater(), new_updater()
    book.put(A)
    # Asked for, with the rules read.
    assert stalled.step()
    expire(redis)
    successor.settle()
    before = {key: redis.get(key) for key in redis.keys("rules:base:*")}
    info = BaseInfo.from_fields(redis.hgetall(BASE))
    assert stalled.compactor.work() is None
    assert {key: redis.get(key) for key in redis.keys("rules:base:*")} == before
    assert BaseInfo.from_fields(redis.hgetall(BASE)) == info


def test_a_holder_from_before_a_loss_of_redis_is_not_taken_for_its_successor(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    old, new = new_updater(), new_updater()
    assert old.step()
    redis.flushdb()
    assert new.step()
    # Both hold the token 1.
    assert mark(old).split()[0] == mark(new).split()[0] == "1"
    with pytest.raises(Superseded):
        old.store.write_base(mark(old), Index.build([]), "old", 1, continues=False)


def test_appending_is_idempotent_and_without_gaps(updater: Updater, book: RuleBook, redis: Client) -> None:
    updater.settle()
    book.put(A)
    book.put(B)
    changes = list(updater.log.changes(0))
    base = updater.store.state().base
    assert base is not None
    history = base.history
    with pytest.raises(Superseded, match="missing"):
        updater.store.append(mark(updater), history, changes[1:])
    assert redis.xlen(CHANGES) == 0
    assert updater.store.append(mark(updater), history, changes) == 2
    assert updater.store.append(mark(updater), history, changes) == 2
    assert updater.store.append(mark(updater), history, changes[:1]) == 2
    assert redis.xlen(CHANGES) == 2
    with pytest.raises(Superseded, match="history"):
        updater.store.append(mark(updater), "other", [LoggedChange(3, "[]")])
