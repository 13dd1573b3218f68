"""What the topics and the table forget, and what they must not."""

import asyncio
import random

import pytest

from alerting.dead_letters.selection import Selection
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW
from alerting.runtime.topics_admin import create_topics
from fix_dead_letters import Office, Refusals, opened
from fix_servers import Platform

EVERYTHING = Selection((ALERTS_MATCHED,))


def offsets(refusals: Refusals) -> list[int]:
    return [row[2] for row in refusals.rows()]


async def test_the_front_that_was_handled_goes_with_its_rows(office: Office, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c", b"d")
    await office.drop(0, 1, 3)
    assert await office.truncate() is None
    assert await office.begin() == 2
    assert offsets(refusals) == [3]
    assert await office.places() == [2]
    await office.drop(2)
    await office.truncate()
    assert await office.begin() == 4
    assert offsets(refusals) == []
    assert await office.places() == []


async def test_a_letter_that_waits_at_the_front_keeps_all_behind_it(office: Office, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c")
    await office.drop(1, 2)
    await office.truncate()
    assert await office.begin() == 0
    assert offsets(refusals) == [1, 2]


@pytest.mark.parametrize("seed", range(5))
async def test_no_order_of_handling_and_cutting_loses_one_that_waits(
    office: Office, refusals: Refusals, seed: int
) -> None:
    chosen = random.Random(seed)
    waiting: set[bytes] = set()
    for step in range(6):
        new = {b"%d %d" % (step, number) for number in range(chosen.randrange(12))}
        refusals.write(*sorted(new))
        waiting |= new
        letters = await office.waiting(ALERTS_MATCHED)
        assert {letter.value for letter in letters} == waiting
        done = chosen.sample(letters, chosen.randrange(len(letters) + 1))
        await office.desk.replay.these(office.database, done, "DROPPED", "tester")
        waiting -= {letter.value or b"" for letter in done}
        await office.truncate()
    assert {letter.value for letter in await office.waiting()} == waiting


async def test_one_topic_is_cut_and_no_other(office: Office, refusals: Refusals) -> None:
    refusals.write(b"a")
    refusals.write(b"b", topic=ALERTS_NEW)
    await office.drop(0)
    await office.drop(0, topic=ALERTS_NEW)
    await office.truncate()
    assert (await office.begin(), await office.begin(ALERTS_NEW)) == (1, 0)
    assert [row[0] for row in refusals.rows()] == [f"{refusals.platform.prefix}alerts.new.dlq"]


async def test_rows_of_letters_that_expired_go(office: Office, refusals: Refusals, platform: Platform) -> None:
    refusals.write(b"a", b"b")
    await office.drop(0)
    (span,) = await asyncio.to_thread(office.desk.reader.spans, ALERTS_MATCHED)
    # As the broker does with what is older than the topic keeps.
    assert await asyncio.to_thread(office.desk.truncation._delete_below, span, 1) == (1, None)
    assert offsets(refusals) == [0]
    await office.truncate()
    assert offsets(refusals) == []
    assert await office.places() == [1]


async def test_two_deployments_of_one_database_are_apart(
    office: Office, refusals: Refusals, platform: Platform
) -> None:
    refusals.write(b"a", b"b")
    await office.drop(0, 1)
    other = Platform({**platform.env, "ALERTING_KAFKA_PREFIX": f"{platform.prefix}other."})
    create_topics(other.settings(TopicSettings))
    Refusals(other).write(b"c")
    async with opened(other) as second:
        assert [letter.value for letter in await second.waiting()] == [b"c"]
        await second.truncate()
    assert offsets(refusals) == [0, 1]


async def test_ten_thousand_letters_are_handled_and_cut(office: Office, refusals: Refusals) -> None:
    refusals.write(*(b"%d" % number for number in range(10_000)))
    # A bound for hanging: it takes a second or two.
    async with asyncio.timeout(60):
        done = await office.desk.replay.all(office.database, EVERYTHING, "DROPPED", "tester", limit=10_000)
        await office.truncate()
    assert done.number == 10_000
    assert (await office.begin(), len(refusals.rows())) == (10_000, 0)
