"""``alerting dlq``: the messages that were refused, straight from the broker and the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeVar

import typer

from alerting.cli.keys import duration
from alerting.runtime.errors import Unavailable

if TYPE_CHECKING:
    from alerting.dead_letters.actions import Action, Verb
    from alerting.dead_letters.desk import Desk
    from alerting.dead_letters.letter import Letter, Place
    from alerting.dead_letters.selection import Selection
    from alerting.runtime.database import AsyncConnection

app = typer.Typer(help="Dead letters: messages that a service refused.", no_args_is_help=True)

Result = TypeVar("Result")

_MOST: Final = 10_000
_LIST: Final = 100
_ACTOR: Final = "cli"


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="dlq", rich_help_panel="Deployment")


def _topic(text: str) -> str:
    from alerting.dead_letters.selection import source_topic  # noqa: PLC0415

    try:
        return source_topic(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _reason(text: str) -> str:
    from alerting.runtime.dead_letter import REASONS  # noqa: PLC0415

    if text not in REASONS:
        raise typer.BadParameter(f"is none of {', '.join(sorted(REASONS))}")
    return text


Topic = Annotated[str, typer.Argument(help="The topic that it was refused from.", parser=_topic, metavar="TOPIC")]
_PARTITION: Final = typer.Argument(
    min=0, max=2**31 - 1, metavar="PARTITION", help="Of the dead letters, as `list` shows it."
)
_OFFSET: Final = typer.Argument(min=0, max=2**63 - 1, metavar="OFFSET", help="As `list` shows it.")
OnePartition = Annotated[int, _PARTITION]
OneOffset = Annotated[int, _OFFSET]
Partition = Annotated[int | None, _PARTITION]
Offset = Annotated[int | None, _OFFSET]
Reason = Annotated[
    str | None,
    typer.Option(help="Those refused for this reason.", parser=_reason, metavar="REASON", show_default=False),
]
All = Annotated[bool, typer.Option("--all", help="All that wait.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Limit = Annotated[int, typer.Option(min=1, max=_MOST, help="Most of them, the oldest of each partition first.")]
Json = Annotated[bool, typer.Option("--json", help="For machines: one object a line.")]


@app.command("list")
def list_letters(
    topic: Annotated[
        str | None, typer.Option(help="Those of this topic.", parser=_topic, metavar="TOPIC", show_default=False)
    ] = None,
    reason: Reason = None,
    since: Annotated[
        timedelta | None,
        typer.Option(help="2h, 30m, 7d: no older ones.", parser=duration, metavar="TIME", show_default=False),
    ] = None,
    limit: Limit = _LIST,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many, by topic and reason.")] = False,
    as_json: Json = False,
) -> None:
    """List the dead letters that nothing was done with yet, oldest first."""
    from alerting.dead_letters.terminal import print_page, print_summary  # noqa: PLC0415

    selection = _selection((topic,) if topic else None, reason, since)
    if summary:
        print_summary(_at_desk(lambda desk, database: desk.waiting.summary(database, selection)), as_json=as_json)
    else:
        print_page(_at_desk(lambda desk, database: desk.waiting.page(database, selection, limit)), as_json=as_json)


@app.command("show")
def show(topic: Topic, partition: OnePartition, offset: OneOffset, as_json: Json = False) -> None:
    """Show one dead letter: its headers, its bytes, and what they say."""
    from alerting.dead_letters.letter import Place  # noqa: PLC0415
    from alerting.dead_letters.terminal import print_letter  # noqa: PLC0415

    place = Place(topic, partition, offset)
    letter, action = _at_desk(lambda desk, database: _find(desk, database, place))
    print_letter(letter, action, as_json=as_json)


@app.command("replay")
def replay(
    topic: Topic,
    partition: Partition = None,
    offset: Offset = None,
    reason: Reason = None,
    everything: All = False,
    limit: Limit = _MOST,
    yes: Yes = False,
) -> None:
    """Send dead letters once more to the topic that they were refused from."""
    _handle("REPLAYED", _order(topic, partition, offset, reason, everything=everything), limit, yes=yes)


@app.command("drop")
def drop(
    topic: Topic,
    partition: Partition = None,
    offset: Offset = None,
    reason: Reason = None,
    everything: All = False,
    limit: Limit = _MOST,
    yes: Yes = False,
) -> None:
    """Let dead letters be: nothing lists them any more."""
    _handle("DROPPED", _order(topic, partition, offset, reason, everything=everything), limit, yes=yes)


class _Order(NamedTuple):
    topic: str
    place: "Place | None"
    """One letter; without it, those of the reason, or all."""
    reason: str | None


def _order(topic: str, partition: int | None, offset: int | None, reason: str | None, *, everything: bool) -> _Order:
    from alerting.dead_letters.letter import Place  # noqa: PLC0415

    if partition is not None and offset is None:
        raise typer.BadParameter("PARTITION needs an OFFSET")
    if (offset is not None) + (reason is not None) + everything != 1:
        raise typer.BadParameter("one of PARTITION OFFSET, --reason and --all says which letters are meant")
    place = None if partition is None or offset is None else Place(topic, partition, offset)
    return _Order(topic, place, reason)


def _handle(verb: "Verb", order: _Order, limit: int, *, yes: bool) -> None:
    selection = _selection((order.topic,), order.reason, None)
    if not yes and not _confirmed(verb, order, selection, limit):
        return
    number, more = _at_desk(lambda desk, database: _carry_out(desk, database, verb, order, selection, limit))
    typer.echo(f"{verb.lower()} {number}{'; more may wait' if more else ''}")
    refusal = _at_desk(lambda desk, database: _truncate(desk, database, order.topic))
    if refusal is not None:
        typer.echo(f"what was handled stays in the topic and is not listed: {refusal}", err=True)


def _confirmed(verb: "Verb", order: _Order, selection: "Selection", limit: int) -> bool:
    """Return whether it is to be done, or end; one that is replayed is not asked about."""
    word = {"REPLAYED": "Replay", "DROPPED": "Drop"}[verb]
    if order.place is not None:
        return verb == "REPLAYED" or typer.confirm(f"{word} this dead letter of {order.topic}?", abort=True)
    summary = _at_desk(lambda desk, database: desk.waiting.summary(database, selection))
    waiting = sum(summary.counts.values())
    if not waiting:
        typer.echo("nothing waits")
        return False
    number = f"{min(waiting, limit)} of {waiting}" if waiting > limit else f"{waiting}"
    least = "" if summary.complete else " or more"
    return typer.confirm(f"{word} {number}{least} dead letters of {order.topic}?", abort=True)


async def _carry_out(
    desk: "Desk", database: "AsyncConnection", verb: "Verb", order: _Order, selection: "Selection", limit: int
) -> tuple[int, bool]:
    if order.place is None:
        return await desk.replay.all(database, selection, verb, _ACTOR, limit=limit)
    letter, action = await _find(desk, database, order.place)
    if action is not None:
        raise SystemExit(f"{_name(order.place)} was {action.verb.lower()} at {action.at:%Y-%m-%d %H:%M} UTC")
    return await desk.replay.these(database, [letter], verb, _ACTOR), False


async def _find(desk: "Desk", database: "AsyncConnection", place: "Place") -> "tuple[Letter, Action | None]":
    letter, action = await desk.find(database, place)
    if letter is None:
        raise SystemExit(f"{_name(place)}: there is no such dead letter, or it is gone")
    return letter, action


async def _truncate(desk: "Desk", database: "AsyncConnection", topic: str) -> str | None:
    try:
        return await desk.truncation.run(database, topic)
    except Unavailable as error:
        # What was ordered is done; the next order cuts what this one could not.
        return str(error)


def _name(place: "Place") -> str:
    return f"{place.topic} {place.partition} {place.offset}"


def _selection(topics: tuple[str, ...] | None, reason: str | None, since: timedelta | None) -> "Selection":
    from alerting.dead_letters.selection import Selection  # noqa: PLC0415
    from alerting.runtime.topics import TOPICS  # noqa: PLC0415

    return Selection(topics or TOPICS, reason, datetime.now(UTC) - since if since else None)


def _at_desk(work: "Callable[[Desk, AsyncConnection], Awaitable[Result]]") -> Result:
    from alerting.dead_letters.desk import open_desk  # noqa: PLC0415
    from alerting.runtime.broker.kafka_async import AsyncKafkaProducer  # noqa: PLC0415
    from alerting.runtime.clock import SystemClock  # noqa: PLC0415
    from alerting.runtime.config import Settings, load  # noqa: PLC0415
    from alerting.runtime.database import async_connect, postgres_errors  # noqa: PLC0415

    async def run() -> Result:
        with (
            postgres_errors(),
            closing(AsyncKafkaProducer(settings)) as producer,
            open_desk(settings, SystemClock(), producer) as desk,
        ):
            async with await async_connect(settings) as database:
                return await work(desk, database)

    settings = load(Settings)
    # What a broker does not answer is said once, by the error; the client would repeat it on standard error.
    logging.getLogger("alerting").addHandler(logging.NullHandler())
    try:
        return asyncio.run(run())
    except Unavailable as error:
        raise SystemExit(" ".join(str(error).split())) from None
