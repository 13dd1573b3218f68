"""What rule-updater makes of a real log in a real Redis, step by step."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from alerting.rule_set.base import BaseInfo, open_base
from alerting.rule_set.keys import BASE, CHANGES, VERSION, chunk_key
from alerting.rule_updater.decision import Limits
from fix_rule_book import Content, RuleBook
from fix_rule_updater import Updater

# redis-py's types are those of all of its clients at once.
Client = Any

A = ("a", "acme", "HIGH", "api", "*")
B = ("b", "zeta", "*", "*", "Up")
C = ("c", "acme", "LOW", "db", "Down")


def versions(redis: Client) -> list[int]:
    return [int(entry.split(b"-")[0]) for entry, _ in redis.xrange(CHANGES)]


def base(redis: Client) -> tuple[int, Content]:
    """The base, as a reader opens it."""
    info = BaseInfo.from_fields(redis.hgetall(BASE))
    index = open_base(info, [redis.get(chunk_key(info.version, number)) or b"" for number in range(info.chunks)])
    return index.version, frozenset(index.rules())


def test_no_rules_are_a_base_too(updater: Updater, redis: Client) -> None:
    assert updater.settle() == ["missing"]
    assert base(redis) == (0, frozenset())
    assert redis.get(VERSION) == b"0"
    assert updater.settle() == []


def test_changes_become_entries_in_their_order(updater: Updater, book: RuleBook, redis: Client) -> None:
    updater.settle()
    book.put(A, B)
    book.take("a")
    book.take("b", action="DISABLED")
    assert updater.settle() == []
    assert versions(redis) == [1, 2, 3]
    assert redis.get(VERSION) == b"3"
    assert updater.telemetry.rules_version == 3
    entries = [fields for _, fields in redis.xrange(CHANGES)]
    assert [list(fields) for fields in entries] == [[b"changes"]] * 3
    assert [[change["action"] for change in orjson.loads(fields[b"changes"])] for fields in entries] == [
        ["CREATED", "CREATED"],
        ["DELETED"],
        ["DISABLED"],
    ]


def test_a_step_with_nothing_new_writes_nothing(updater: Updater, book: RuleBook, redis: Client) -> None:
    book.put(A)
    updater.settle()
    before = redis.xinfo_stream(CHANGES) if redis.exists(CHANGES) else None
    for _ in range(3):
        assert updater.settle() == []
    assert (redis.xinfo_stream(CHANGES) if redis.exists(CHANGES) else None) == before


def test_the_base_has_the_enabled_rules_of_enabled_clients(updater: Updater, book: RuleBook, redis: Client) -> None:
    book.put(A, B, C)
    book.take("b", action="DISABLED")
    book.disable_client("acme")
    book.put(("d", "zeta", "*", "*", "x"))
    updater.settle()
    assert base(redis) == (4, frozenset({("d", "zeta", "*", "*", "x")}))


def test_a_long_log_is_read_to_its_end(updater: Updater, book: RuleBook, redis: Client) -> None:
    updater.settle()
    for number in range(1_050):
        book.log_nonsense([{"rule_id": f"r{number}", "client_id": "c", "action": "DELETED"}])
    updater.step()
    assert versions(redis) == list(range(1, 1_051))


def test_many_changes_become_a_base_and_its_readers_can_still_follow(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    updater = new_updater(limits=Limits(2, 0.0))
    updater.settle()
    book.put(A)
    book.put(B)
    assert updater.settle() == []
    book.put(C)
    assert updater.settle() == ["changes"]
    assert base(redis) == (3, book.rules)
    # A reader that has only just opened the former base needs all of them.
    assert versions(redis) == [1, 2, 3]
    for number in range(3):
        book.put((f"d{number}", "acme", "*", "api", f"n{number}"))
    assert updater.settle() == ["changes"]
    assert base(redis) == (6, book.rules)
    assert versions(redis) == [4, 5, 6]


def test_what_was_counted_is_known_to_the_next_process(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    first = new_updater(limits=Limits(2, 0.0))
    first.settle()
    book.put(A, B)
    first.settle()
    first.close()
    book.put(C)
    second = new_updater(limits=Limits(2, 0.0))
    assert second.settle() == ["changes"]


def test_chunks_of_a_former_base_stay_for_a_while(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    updater = new_updater(limits=Limits(0, 0.0), chunk_bytes=500)
    book.put(A)
    updater.settle()
    former = BaseInfo.from_fields(redis.hgetall(BASE))
    assert former.chunks > 1
    book.put(B)
    assert updater.settle() == ["changes"]
    for number in range(former.chunks):
        assert 0 < redis.ttl(chunk_key(former.version, number)) <= 600
    now = BaseInfo.from_fields(redis.hgetall(BASE))
    assert [redis.ttl(chunk_key(now.version, number)) for number in range(now.chunks)] == [-1] * now.chunks


def test_changes_do_not_wait_for_a_base(new_updater: Callable[..., Updater], book: RuleBook, redis: Client) -> None:
    updater = new_updater(limits=Limits(0, 0.0))
    updater.settle()
    book.put(A)
    updater.step()
    updater.step()
    # Asked for, and not written yet.
    assert updater.compactor.job is not None
    book.put(B)
    updater.step()
    assert versions(redis) == [1, 2]
    # It was read before the second change, which therefore has to stay.
    updater.compactor.work()
    assert base(redis) == (1, book.history[1])
    assert versions(redis) == [1, 2]


def test_a_redis_that_lost_all_of_it_gets_it_again_under_the_same_version(
    updater: Updater, book: RuleBook, redis: Client
) -> None:
    book.put(A)
    book.put(B)
    updater.settle()
    redis.flushdb()
    assert updater.settle() == ["missing"]
    assert base(redis) == (2, book.rules)
    assert redis.get(VERSION) == b"2"
    book.put(C)
    updater.settle()
    assert versions(redis) == [3]


@pytest.mark.parametrize("lost", [VERSION, BASE])
def test_a_loss_of_one_key_is_mended_too(updater: Updater, book: RuleBook, redis: Client, lost: str) -> None:
    book.put(A)
    updater.settle()
    book.put(B)
    updater.settle()
    redis.delete(lost)
    assert updater.settle() == ["missing"]
    assert base(redis) == (2, book.rules)


def test_a_lost_stream_is_bridged(updater: Updater, book: RuleBook, redis: Client) -> None:
    updater.settle()
    book.put(A)
    book.put(B)
    updater.settle()
    history = redis.hget(BASE, "history")
    redis.delete(CHANGES)
    assert updater.settle() == ["stream"]
    assert base(redis) == (2, book.rules)
    # Who is at the newest version goes on from there.
    assert redis.hget(BASE, "history") == history
    book.put(C)
    updater.settle()
    assert versions(redis) == [3]


def test_a_hole_in_the_stream_is_bridged(updater: Updater, book: RuleBook, redis: Client) -> None:
    updater.settle()
    for rule in (A, B, C):
        book.put(rule)
    updater.settle()
    redis.xdel(CHANGES, "2-0")
    assert updater.settle() == ["stream"]
    assert base(redis) == (3, book.rules)


@pytest.mark.parametrize("damage", ["delete", "truncate"])
def test_a_base_with_a_lost_chunk_is_written_again(
    updater: Updater, book: RuleBook, redis: Client, damage: str
) -> None:
    book.put(A)
    updater.settle()
    if damage == "delete":
        redis.delete(chunk_key(1, 0))
    else:
        redis.set(chunk_key(1, 0), (redis.get(chunk_key(1, 0)) or b"")[:-1])
    assert updater.settle() == ["chunks"]
    assert base(redis) == (1, book.rules)


def test_a_damaged_base_is_found_by_whoever_takes_over(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    first = new_updater()
    book.put(A)
    first.settle()
    redis.setrange(chunk_key(1, 0), 200, b"\xff\xfe\xfd")
    first.close()
    new_updater().settle()
    assert base(redis) == (1, book.rules)


@pytest.mark.parametrize("nonsense", [{"no": "array"}, [{"rule_id": "x"}], "text", 7])
def test_a_version_that_nobody_can_apply_is_bridged(
    updater: Updater, book: RuleBook, redis: Client, nonsense: object
) -> None:
    updater.settle()
    book.put(A)
    book.log_nonsense(nonsense)
    book.put(B)
    updater.step()
    updater.step()
    # Readers come so far; what follows waits for the base that leads over it.
    assert versions(redis) == [1]
    assert updater.settle() == ["unreadable"]
    assert versions(redis) == [1, 2, 3]
    assert base(redis) == (3, book.rules)
    assert updater.settle() == []


def test_a_version_that_nobody_can_apply_is_bridged_by_whoever_takes_over(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    first = new_updater()
    first.settle()
    book.log_nonsense("text")
    first.step()
    first.close()
    assert new_updater().settle() == ["unreadable"]
    assert redis.get(VERSION) == b"1"
    assert base(redis) == (1, book.rules)


@pytest.mark.parametrize("before", [2, 3, 4])
def test_a_log_that_was_cut_is_bridged(updater: Updater, book: RuleBook, redis: Client, before: int) -> None:
    updater.settle()
    for rule in (A, B, C):
        book.put(rule)
    book.forget_log(before)
    assert updater.settle() == ["log"]
    assert base(redis) == (3, book.rules)
    assert redis.get(VERSION) == b"3"


def test_a_restored_database_begins_a_new_history(updater: Updater, book: RuleBook, redis: Client) -> None:
    for rule in (A, B, C):
        book.put(rule)
    updater.settle()
    history = redis.hget(BASE, "history")
    book.restore(1)
    assert updater.settle() == ["ahead"]
    assert base(redis) == (1, book.rules)
    assert redis.get(VERSION) == b"1"
    assert redis.hget(BASE, "history") != history
    book.put(C)
    updater.settle()
    assert versions(redis) == [2]


def test_an_abandoned_base_goes_by_itself(updater: Updater, book: RuleBook, redis: Client) -> None:
    book.put(A)
    updater.step()
    redis.delete("rules:lease")
    updater.compactor.work()
    assert redis.exists(BASE) == 0
    assert redis.keys("rules:base:*") == []


def test_a_base_that_is_ahead_of_the_stream_is_not_written_for_changes_that_it_has(
    new_updater: Callable[..., Updater], book: RuleBook, redis: Client
) -> None:
    updater = new_updater(limits=Limits(3, 0.0))
    updater.settle()
    book.log_nonsense("text")
    book.put(*((f"r{number}", "acme", "*", "api", f"n{number}") for number in range(10)))
    assert updater.settle() == ["unreadable"]
    assert versions(redis) == [1, 2]
