"""rule-updater as a process, on a real broker, a real database and a real Redis."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from redis import Redis

from alerting.events.v1 import RuleAction, RuleChanged
from alerting.rule_set.keys import BASE, CHANGES, LEASE, VERSION
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.topics import RULE_CHANGED, dead_letter_topic
from fix_process import eventually, running
from fix_rule_book import RuleBook
from fix_servers import Platform
from fix_topics import lag, reading

A = ("a", "acme", "HIGH", "api", "*")
B = ("b", "zeta", "*", "*", "Up")


@pytest.fixture
def book(platform: Platform) -> Iterator[RuleBook]:
    with closing(RuleBook(platform.dsn)) as book:
        yield book


@pytest.fixture
def redis(platform: Platform) -> Iterator[Any]:
    client = Redis.from_url(platform.env["ALERTING_REDIS_URL"])
    yield client
    client.close()


def send(platform: Platform, *values: bytes | None) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for value in values:
        producer.send(RULE_CHANGED, b"\xffr1", value)
    producer.flush()
    producer.close()


def await_version(redis: Any, version: int) -> None:
    eventually(lambda: redis.get(VERSION) == b"%d" % version, f"version {version} in Redis")


def test_keeps_redis_at_the_log_refuses_nonsense_and_stops_by_itself(
    platform: Platform, book: RuleBook, redis: Any
) -> None:
    changed = RuleChanged(rule_id="a", client_id="acme", action=RuleAction.RULE_ACTION_CREATED, version=1)
    with running("rule-updater", platform.env) as process, reading(platform, dead_letter_topic(RULE_CHANGED)) as dead:
        process.await_ready()
        await_version(redis, 0)
        book.put(A)
        send(platform, changed.SerializeToString(), b"\xff\xff", None, changed.SerializeToString())
        await_version(redis, 1)
        book.take("a")
        # Nobody says so: it looks by itself.
        await_version(redis, 2)
        refused = dead.await_(lambda messages: len(messages) == 2, "two dead letters")
        assert {message.value() for message in refused} == {b"\xff\xff", None}
        assert {message.key() for message in refused} == {b"\xffr1"}
        eventually(lambda: lag(platform, RULE_CHANGED) == 0, "everything committed")
        assert process.figure("alerting_rules_written_version") == 2
        assert process.terminate() == 0
        assert not redis.exists(LEASE)


def test_an_emptied_redis_is_filled_again_without_a_word(platform: Platform, book: RuleBook, redis: Any) -> None:
    book.put(A)
    with running("rule-updater", platform.env):
        await_version(redis, 1)
        redis.flushdb()
        eventually(lambda: redis.exists(BASE) == 1, "a base", seconds=10)
        await_version(redis, 1)
        book.put(B)
        await_version(redis, 2)


def test_waits_for_what_is_not_there_and_says_so(platform: Platform, valkey: str) -> None:
    nobody = "redis://127.0.0.1:1/0"
    with running("rule-updater", platform.env, ALERTING_REDIS_URL=nobody) as process:
        eventually(lambda: process.readiness() == 503, "an answer that it is not ready")
        answer = process.get("/readyz")
        assert answer is not None
        assert answer.json()["checks"]["redis"] == "unavailable"
        assert process.terminate() == 0


def test_a_standby_takes_over_from_one_that_was_killed(platform: Platform, book: RuleBook, redis: Any) -> None:
    lease = {"ALERTING_RULES_LEASE": "2"}
    with running("rule-updater", platform.env, **lease) as first:
        await_version(redis, 0)
        with running("rule-updater", platform.env, **lease) as second:
            second.await_ready()
            assert second.figure("alerting_rules_lease") == 0
            first.kill()
            book.put(A)
            await_version(redis, 1)
            assert second.figure("alerting_rules_lease") == 1


def test_one_that_was_stalled_comes_back_as_a_standby(platform: Platform, book: RuleBook, redis: Any) -> None:
    lease = {"ALERTING_RULES_LEASE": "2"}
    with running("rule-updater", platform.env, **lease) as first:
        await_version(redis, 0)
        with running("rule-updater", platform.env, **lease) as second:
            second.await_ready()
            first.pause()
            eventually(lambda: second.figure("alerting_rules_lease") == 1, "the lease taken over")
            book.put(A)
            await_version(redis, 1)
            first.go_on()
            eventually(lambda: first.figure("alerting_rules_lease") == 0, "the lease lost")
            book.put(B)
            await_version(redis, 2)
            assert redis.xlen(CHANGES) == 2
            assert second.figure("alerting_rules_lease") == 1
