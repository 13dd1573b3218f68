"""Orders to replay or drop dead letters, carried out at the desk."""

import structlog

from alerting.dead_letters.actions import Verb
from alerting.dead_letters.desk import Desk
from alerting.dead_letters.replay import Handled
from alerting.dead_letters.selection import MOST, Selection
from alerting.rule_service.dead_letter_requests import LetterOrder, LettersHandled
from alerting.rule_service.desk import SECONDS, OneDesk
from alerting.runtime.database import AsyncConnection
from alerting.runtime.errors import Unavailable

_log = structlog.get_logger(__name__)


async def carry_out(desk: OneDesk, order: LetterOrder, verb: Verb, actor: str) -> LettersHandled:
    """Handle the letters that an order means, for as long as a question may take, and let the broker forget them."""

    async def question(desk: Desk, connection: AsyncConnection) -> Handled:
        handled = await _handle(desk, connection, order, verb, actor)
        for topic in order.topics():
            await _truncate(desk, connection, topic)
        return handled

    return LettersHandled.model_validate((await desk.ask(question))._asdict())


async def _handle(desk: Desk, connection: AsyncConnection, order: LetterOrder, verb: Verb, actor: str) -> Handled:
    if order.letters is not None:
        places = [letter.place() for letter in order.letters]
        return await desk.replay.at(connection, places, verb, actor, seconds=SECONDS)
    selection = Selection(tuple(order.topics()), order.reason)
    return await desk.replay.all(connection, selection, verb, actor, limit=MOST, seconds=SECONDS)


async def _truncate(desk: Desk, connection: AsyncConnection, topic: str) -> None:
    try:
        await desk.truncation.run(connection, topic)
    except Unavailable as error:
        # What was ordered is done; the next order cuts what this one could not.
        _log.warning("dead letters are not cut off", topic=topic, error=str(error))
