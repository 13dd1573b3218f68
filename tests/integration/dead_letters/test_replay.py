"""Letters replayed and dropped, on a real broker and a real database."""

import asyncio
from collections.abc import Sequence
from contextlib import closing

import psycopg
import pytest
from confluent_kafka.admin import AdminClient

from alerting.dead_letters.letter import REPLAYS, Letter
from alerting.dead_letters.replay import Handled, Replay
from alerting.dead_letters.selection import Selection
from alerting.events.v1 import AlertMatched
from alerting.runtime.broker import Headers, Outgoing
from alerting.runtime.broker.kafka_async import AsyncKafkaProducer
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW, NOTIFICATIONS_READY
from alerting.runtime.topics_admin import create_topics
from fix_dead_letters import Office, Refusals, opened
from fix_process import BOUND, eventually, running
from fix_servers import Platform
from fix_topics import reading

HEADERS: Headers = [("traceparent", b"00-1"), ("a", None), ("a", b"\xff"), (REPLAYS, b"4")]


async def test_a_replayed_letter_is_the_message_that_was_refused_and_says_so(
    office: Office, refusals: Refusals
) -> None:
    refusals.write(b"\xff\x00", key=b"\xfe", headers=HEADERS)
    refusals.write(None, key=None)
    assert await office.replay(0, 1) == 2
    first, second = sorted(await asyncio.to_thread(refusals.sent, 2), key=lambda message: message.value() is None)
    assert (first.key(), first.value()) == (b"\xfe", b"\xff\x00")
    assert first.headers() == [*HEADERS[:3], (REPLAYS, b"5")]
    assert (second.key(), second.value()) == (None, None)


async def test_what_was_handled_is_listed_no_more_and_written_down(office: Office, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c")
    assert await office.places() == [0, 1, 2]
    await office.replay(1)
    await office.drop(2)
    assert await office.places() == [0]
    name = f"{refusals.platform.prefix}alerts.matched.dlq"
    assert refusals.rows() == [(name, 0, 1, "REPLAYED", "tester"), (name, 0, 2, "DROPPED", "tester")]
    assert len(await asyncio.to_thread(refusals.sent, 1)) == 1


async def test_a_selection_is_handled_and_nothing_else(office: Office, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", reason="too_long")
    refusals.write(b"c")
    refusals.write(b"d", topic=ALERTS_NEW, reason="too_long")
    wanted = Selection((ALERTS_MATCHED,), "too_long")
    drop = office.desk.replay.all
    assert await drop(office.database, wanted, "DROPPED", "tester", limit=1) == Handled(1, more=True)
    assert await drop(office.database, wanted, "DROPPED", "tester", limit=10) == Handled(1, more=False)
    assert [letter.value for letter in await office.waiting()] == [b"c", b"d"]


async def test_replayed_while_still_wrong_it_comes_back_as_another_letter(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(b"\xff\xff")
    with running("aggregator", platform.env) as aggregator:
        aggregator.await_ready()
        for replays in (1, 2):
            everything = Selection((ALERTS_MATCHED,))
            done = await office.desk.replay.all(office.database, everything, "REPLAYED", "tester", limit=10)
            assert done == Handled(1, more=False)
            letter = await _one_with(office, replays)
            assert (letter.place.offset, letter.reason, letter.value) == (replays, "undecodable", b"\xff\xff")
            assert letter.told("dlq-topic") == f"{platform.prefix}alerts.matched"
    assert [row[2] for row in refusals.rows()] == [0, 1]


async def test_after_the_cause_is_mended_it_goes_all_the_way(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    value = AlertMatched(alert_id="a1", client_id="acme", rule_ids=["r1"]).SerializeToString()
    refusals.write(value, reason="rejected_by_database")
    assert await office.replay(0) == 1
    with running("aggregator", platform.env), reading(platform, NOTIFICATIONS_READY) as ready:
        await asyncio.to_thread(ready.await_, lambda messages: len(messages) == 1, "the notification")
    with psycopg.connect(platform.dsn) as connection:
        assert connection.execute("SELECT client_id, alert_id FROM notifications").fetchall() == [("acme", "a1")]
    assert await office.places() == []


async def test_of_two_that_replay_at_once_each_letter_is_sent_once(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(*(b"%d" % number for number in range(250)))
    everything = Selection((ALERTS_MATCHED,))
    async with opened(platform) as other:
        done = await asyncio.gather(
            *(
                each.desk.replay.all(each.database, everything, "REPLAYED", "tester", limit=10_000)
                for each in (office, other)
            )
        )
    assert sum(each.number for each in done) == 250
    sent = await asyncio.to_thread(refusals.sent, 250)
    assert sorted(message.value() or b"" for message in sent) == sorted(b"%d" % number for number in range(250))


async def test_what_another_handled_and_cut_off_meanwhile_is_not_sent(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(b"a", b"b")
    seen = await office.waiting()
    async with opened(platform) as other:
        await other.drop(0, 1)
        assert await other.truncate() is None
    assert refusals.rows() == []
    assert await office.desk.replay.these(office.database, seen, "REPLAYED", "tester") == 0


async def test_a_letter_that_was_sent_but_not_written_down_waits_and_is_sent_again(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(b"a")
    letters = await office.waiting()
    async with opened(platform) as other:
        losing = Replay(
            other.desk.reader, other.desk.waiting, other.desk.actions, _Losing(platform, other.database), SystemClock()
        )
        with pytest.raises(Unavailable, match="postgres"):
            await losing.these(other.database, letters, "REPLAYED", "tester")
    assert await office.places() == [0]
    assert await office.replay(0) == 1
    assert [message.value() for message in await asyncio.to_thread(refusals.sent, 2)] == [b"a", b"a"]


async def test_a_broker_that_does_not_acknowledge_leaves_the_letters_waiting(
    office: Office, refusals: Refusals
) -> None:
    refusals.write(b"a")
    broker = MemoryBroker()
    broker.down = True
    refusing = Replay(
        office.desk.reader, office.desk.waiting, office.desk.actions, AsyncMemoryProducer(broker), SystemClock()
    )
    with pytest.raises(Unavailable, match="the broker is down"):
        await refusing.these(office.database, await office.waiting(), "REPLAYED", "tester")
    assert await office.places() == [0]
    assert refusals.rows() == []


async def test_a_topic_that_was_made_anew_has_no_letters_that_were_handled(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(b"old")
    await office.drop(0)
    admin = AdminClient({"bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"]})
    name = f"{platform.prefix}alerts.matched.dlq"
    await asyncio.to_thread(admin.delete_topics([name])[name].result, 30)
    await asyncio.to_thread(_made_again, platform, name)
    refusals.write(b"new")
    assert [letter.value for letter in await office.waiting()] == [b"new"]
    assert await office.replay(0) == 1
    assert await office.places() == []
    assert [row[3] for row in refusals.rows()] == ["REPLAYED"]


class _Losing:
    """Loses the database's connection once the messages are acknowledged."""

    def __init__(self, platform: Platform, database: AsyncConnection) -> None:
        self._settings = platform.settings(Settings)
        self._database = database

    async def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        with closing(AsyncKafkaProducer(self._settings)) as producer:
            await producer.send(topic, records)
        with psycopg.connect(self._settings.postgres_dsn.get_secret_value(), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", (self._database.info.backend_pid,))

    def close(self) -> None:
        """Do nothing."""


def _made_again(platform: Platform, name: str) -> None:
    # A topic is away a moment after it was deleted.
    eventually(lambda: name in create_topics(platform.settings(TopicSettings)), "the topic")


async def _one_with(office: Office, replays: int) -> Letter:
    """Wait for the one letter that was replayed so often."""
    async with asyncio.timeout(BOUND):
        while not (found := [each for each in await office.waiting(ALERTS_MATCHED) if each.replays == replays]):
            await asyncio.sleep(0.05)
    (letter,) = found
    return letter
