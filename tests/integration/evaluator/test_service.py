"""The evaluator as a process, on a real broker and a real Redis: and without one."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Message
from redis import Redis

from alerting.events.v1 import AlertMatched, AlertNew, Severity
from alerting.local.valkey import ValkeyServer
from alerting.rule_set.keys import VERSION
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.runtime.broker import HEADERS, Headers
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW, dead_letter_topic
from fix_process import ServiceProcess, eventually, running
from fix_rule_book import Rule, RuleBook
from fix_rule_updater import Updater
from fix_servers import Platform
from fix_topics import lag, reading

RULES: list[Rule] = [
    ("r1", "acme", "HIGH", "api", "*"),
    ("r2", "acme", "*", "api", "Timeout"),
    ("r3", "zeta", "*", "*", "Timeout"),
]


@pytest.fixture
def book(platform: Platform) -> Iterator[RuleBook]:
    with closing(RuleBook(platform.dsn)) as book:
        yield book


@pytest.fixture
def updater(platform: Platform) -> Iterator[Updater]:
    with closing(Updater(platform.settings(RuleUpdaterSettings))) as updater:
        yield updater


def alert(alert_id: str, **fields: object) -> bytes:
    given = {"severity": Severity.HIGH, "source": "api", "name": "Timeout", **fields}
    return AlertNew(alert_id=alert_id, schema_version=1, event_ts=1, **given).SerializeToString()  # type: ignore[arg-type]


def send(platform: Platform, values: Sequence[bytes | None], *, key: bytes = b"", headers: Headers = HEADERS) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for number, value in enumerate(values):
        producer.send(ALERTS_NEW, key or b"%d" % number, value, headers)
    producer.flush()
    producer.close()


def matched(messages: list[Message]) -> list[tuple[bytes | None, AlertMatched]]:
    pairs = [(message.key(), AlertMatched.FromString(message.value() or b"")) for message in messages]
    return sorted(pairs, key=lambda pair: (pair[1].alert_id, pair[0]))


def identities(messages: list[Message]) -> set[tuple[str, str]]:
    return {(match.alert_id, match.client_id) for _, match in matched(messages)}


def await_version(process: ServiceProcess, version: int) -> None:
    eventually(lambda: process.figure("alerting_rules_version") == version, f"version {version}")


def test_an_alert_becomes_one_message_for_each_client(platform: Platform, book: RuleBook, updater: Updater) -> None:
    book.put(*RULES)
    updater.settle()
    trace: Headers = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    with running("evaluator", platform.env) as process, reading(platform, ALERTS_MATCHED) as topic:
        process.await_ready()
        # Seven fields, a key that is no text, and no header but one that is passed on.
        send(platform, [alert("a1", context={"region": "eu"})], key=b"\xff\x00", headers=trace)
        messages = topic.await_(lambda messages: len(messages) == 2, "two matches")
        assert [
            (key, match.alert_id, match.client_id, list(match.rule_ids), match.rules_version, dict(match.context))
            for key, match in matched(messages)
        ] == [
            (b"acme", "a1", "acme", ["r1", "r2"], 1, {"region": "eu"}),
            (b"zeta", "a1", "zeta", ["r3"], 1, {"region": "eu"}),
        ]
        assert all(message.headers() == HEADERS + trace for message in messages)
        book.take("r1", "r3")
        updater.settle()
        await_version(process, 2)
        send(platform, [alert("a2")])
        topic.await_(lambda messages: len(messages) == 3, "one more match")
        key, match = matched(topic.messages)[-1]
        assert (key, match.alert_id, list(match.rule_ids), match.rules_version) == (b"acme", "a2", ["r2"], 2)
        eventually(lambda: lag(platform, ALERTS_NEW) == 0, "everything committed")
        assert process.terminate() == 0


def test_what_is_no_alert_is_put_aside_and_the_partition_goes_on(
    platform: Platform, book: RuleBook, updater: Updater
) -> None:
    book.put(*RULES)
    updater.settle()
    with (
        running("evaluator", platform.env) as process,
        reading(platform, ALERTS_MATCHED) as topic,
        reading(platform, dead_letter_topic(ALERTS_NEW)) as dead,
    ):
        process.await_ready()
        # As long as Kafka takes a message, so with the reasons beside it even longer.
        longest = b"\xff" * 1_040_000
        refused = [b"\xff\xff", None, b"", b"\x0a\x7f", longest]
        producer = KafkaProducer(platform.settings(Settings, kafka_properties={"compression.type": "none"}))
        for value in (alert("a1"), *refused, alert("a2")):
            producer.send(ALERTS_NEW, b"one partition", value)
        producer.flush()
        producer.close()
        topic.await_(lambda messages: len(messages) == 4, "four matches")
        messages = dead.await_(lambda messages: len(messages) == len(refused), "the dead letters")
        assert [message.value() for message in messages] == refused
        reasons = [dict(message.headers() or [])["dlq-reason"] for message in messages]
        assert reasons == [b"undecodable", b"empty", b"empty", b"undecodable", b"undecodable"]
        eventually(lambda: lag(platform, ALERTS_NEW) == 0, "everything committed")
        assert process.figure("alerting_dead_letters_total") == len(refused)


def test_consumes_nothing_before_it_has_rules(platform: Platform, book: RuleBook, updater: Updater) -> None:
    send(platform, [alert("a1")])
    book.put(*RULES)
    with running("evaluator", platform.env) as process, reading(platform, ALERTS_MATCHED) as topic:
        eventually(lambda: process.readiness() == 503, "an answer that it is not ready")
        answer = process.get("/readyz")
        assert answer is not None
        assert answer.json()["checks"]["rules"] == "unavailable"
        assert process.figure("alerting_messages_consumed_total") == 0
        assert lag(platform, ALERTS_NEW) == 1
        updater.settle()
        process.await_ready()
        topic.await_(lambda messages: len(messages) == 2, "the matches of what waited")


def test_one_that_waits_for_rules_stops_when_told(platform: Platform) -> None:
    with running("evaluator", platform.env) as process:
        eventually(lambda: process.readiness() == 503, "an answer that it is not ready")
        assert process.terminate() == 0


def test_one_that_was_killed_loses_nothing(platform: Platform, book: RuleBook, updater: Updater) -> None:
    book.put(*RULES)
    updater.settle()
    count = 5_000
    wanted = {(f"a{number}", client) for number in range(count) for client in ("acme", "zeta")}
    send(platform, [alert(f"a{number}") for number in range(count)])
    small = {"ALERTING_BATCH_SIZE": "10"}
    with running("evaluator", platform.env, **small) as process, reading(platform, ALERTS_MATCHED) as topic:
        topic.await_(lambda messages: len(messages) > 100, "some matches")
        process.kill()
        left = lag(platform, ALERTS_NEW)
        assert 0 < left < count, "it was to be killed in the middle"
        with running("evaluator", platform.env) as another:
            another.await_ready()
            topic.await_(lambda messages: identities(messages) == wanted, "all matches")
            eventually(lambda: lag(platform, ALERTS_NEW) == 0, "everything committed")
            assert another.terminate() == 0
        # At most what was not committed came twice.
        assert len(topic.read()) <= len(wanted) + 2 * 10


def test_redis_may_go_and_come_back_empty(platform: Platform, book: RuleBook, tmp_path: Path) -> None:
    book.put(*RULES)
    with ValkeyServer(tmp_path) as valkey, reading(platform, ALERTS_MATCHED) as topic:
        env = {**platform.env, "ALERTING_REDIS_URL": valkey.url}
        with running("rule-updater", env) as updater, running("evaluator", env) as process:
            process.await_ready()
            await_version(process, 1)
            valkey.kill()
            eventually(lambda: process.figure("alerting_rules_followed") == 0, "a word that Redis is gone")
            assert process.readiness() == 200
            eventually(lambda: updater.readiness() == 503, "a rule-updater that is not ready")
            send(platform, [alert("a1")])
            topic.await_(lambda messages: len(messages) == 2, "matches without Redis")
            book.take("r1", "r2")
            for file in (tmp_path / "valkey").rglob("appendonly*/*"):
                file.unlink()
            valkey.start()
            client: Any = Redis.from_url(valkey.url)
            eventually(lambda: client.get(VERSION) == b"2", "the rules in Redis")
            client.close()
            await_version(process, 2)
            send(platform, [alert("a2")])
            topic.await_(lambda messages: len(messages) == 3, "matches with the new rules")
            eventually(lambda: process.figure("alerting_rules_followed") == 1, "a word that all is well")
            key, match = matched(topic.messages)[-1]
            assert (key, match.alert_id, match.rules_version) == (b"zeta", "a2", 2)
            assert process.terminate() == 0


def test_two_share_the_partitions(platform: Platform, book: RuleBook, updater: Updater) -> None:
    book.put(*RULES)
    updater.settle()
    with running("evaluator", platform.env) as first, running("evaluator", platform.env) as second:
        first.await_ready()
        second.await_ready()
        sent = 0

        def both_work() -> bool:
            nonlocal sent
            send(platform, [alert(f"a{sent + number}") for number in range(50)])
            sent += 50
            return all(each.figure("alerting_messages_consumed_total") > 0 for each in (first, second))

        eventually(both_work, "both at work")
        eventually(lambda: lag(platform, ALERTS_NEW) == 0, "everything committed")
    with reading(platform, ALERTS_MATCHED) as topic:
        wanted = {(f"a{number}", client) for number in range(sent) for client in ("acme", "zeta")}
        topic.await_(lambda messages: identities(messages) == wanted, "all matches")
