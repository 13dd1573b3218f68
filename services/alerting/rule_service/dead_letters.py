"""``/api/v1/dead-letters``: the messages that services refused, to be looked at, replayed or dropped."""

from typing import Annotated

from fastapi import Path, Query

from alerting.dead_letters.actions import Action
from alerting.dead_letters.description import describe, describe_fully
from alerting.dead_letters.desk import Desk
from alerting.dead_letters.letter import Letter, Place
from alerting.dead_letters.waiting import Page as Letters
from alerting.dead_letters.waiting import Summary
from alerting.rule_service.access import Admin, found, problems, router
from alerting.rule_service.dead_letter_cursor import encode_begins
from alerting.rule_service.dead_letter_orders import carry_out
from alerting.rule_service.dead_letter_requests import (
    DeadLetter,
    DeadLetterDetail,
    DeadLetterPage,
    LetterCount,
    LetterFilter,
    LetterFilters,
    LetterOrder,
    LettersHandled,
    LetterSummary,
    Offset,
    PartitionNumber,
    Topic,
)
from alerting.rule_service.desk import LetterDesk
from alerting.runtime.database import AsyncConnection

routes = router("dead letters")


@routes.get("/dead-letters", response_description="A page of the letters")
async def list_dead_letters(
    _caller: Admin, desk: LetterDesk, filters: Annotated[LetterFilters, Query()]
) -> DeadLetterPage:
    """List the letters that nothing was done with yet, those first that have waited for longest."""
    begins = filters.begins()

    async def question(desk: Desk, connection: AsyncConnection) -> Letters:
        return await desk.waiting.page(connection, filters.selection(), filters.limit, begins)

    page = await desk.ask(question)
    items = [DeadLetter.model_validate(describe(letter)) for letter in page.letters]
    return DeadLetterPage(items=items, next_cursor=encode_begins(page.rest) if page.more else None)


@routes.get("/dead-letters/summary", response_description="How many there are")
async def summarize_dead_letters(
    _caller: Admin, desk: LetterDesk, filters: Annotated[LetterFilter, Query()]
) -> LetterSummary:
    """Count the letters that nothing was done with yet, by topic and reason."""

    async def question(desk: Desk, connection: AsyncConnection) -> Summary:
        return await desk.waiting.summary(connection, filters.selection())

    summary = await desk.ask(question)
    counts = sorted(summary.counts.items())
    items = [LetterCount(topic=topic, reason=reason, count=number) for (topic, reason), number in counts]
    return LetterSummary(items=items, complete=summary.complete)


@routes.get("/dead-letters/{topic}/{partition}/{offset}", responses=problems(404), response_description="The letter")
async def get_dead_letter(
    _caller: Admin,
    desk: LetterDesk,
    topic: Annotated[Topic, Path(description="The topic that it was refused from.")],
    partition: Annotated[PartitionNumber, Path(description="The partition, as the list says it.")],
    offset: Annotated[Offset, Path(description="Its place in the partition, as the list says it.")],
) -> DeadLetterDetail:
    """Return a letter, raw and decoded, and what was done with it."""
    place = Place(topic, partition, offset)

    async def question(desk: Desk, connection: AsyncConnection) -> tuple[Letter | None, Action | None]:
        return await desk.find(connection, place)

    letter, action = await desk.ask(question)
    return DeadLetterDetail.model_validate(describe_fully(found(letter, "dead letter"), action))


@routes.post("/dead-letters/replay", responses=problems(413), response_description="How many were sent")
async def replay_dead_letters(caller: Admin, desk: LetterDesk, body: LetterOrder) -> LettersHandled:
    """Send letters once more to the topic that they were refused from."""
    return await carry_out(desk, body, "REPLAYED", caller.key_id)


@routes.post("/dead-letters/drop", responses=problems(413), response_description="How many were dropped")
async def drop_dead_letters(caller: Admin, desk: LetterDesk, body: LetterOrder) -> LettersHandled:
    """Let letters be: nothing lists them any more."""
    return await carry_out(desk, body, "DROPPED", caller.key_id)
