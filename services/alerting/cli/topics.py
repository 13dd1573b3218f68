"""``alerting topics``: what a deployment does to its broker before its services start."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from alerting.runtime.errors import Unavailable

if TYPE_CHECKING:
    from alerting.runtime.topic_plan import FoundTopic
    from alerting.runtime.topic_settings import TopicSettings

app = typer.Typer(help="The topics of the broker.", no_args_is_help=True)

Partitions = Annotated[
    int | None, typer.Option(min=1, help="Of each topic; dead letters have one. Default: ALERTING_TOPIC_PARTITIONS.")
]
Replication = Annotated[
    int | None,
    typer.Option(
        min=-1, help="Copies of each partition; -1 takes the broker's default. Default: ALERTING_TOPIC_REPLICATION."
    ),
]
MinInsync = Annotated[
    int | None,
    typer.Option(
        "--min-insync-replicas",
        min=0,
        help="Copies that have to acknowledge; 0 takes the broker's default. Default: ALERTING_TOPIC_MIN_INSYNC.",
    ),
]
Timeout = Annotated[float, typer.Option(min=0.1, max=600, help="Seconds that the broker has to answer.")]


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="topics", rich_help_panel="Deployment")


@app.command("create")
def create(
    partitions: Partitions = None,
    replication: Replication = None,
    min_insync: MinInsync = None,
    timeout: Timeout = 30.0,
) -> None:
    """Make the topics that are missing. Those that are there stay as they are: exit 1 when one is not as asked for."""
    from alerting.runtime.topics_admin import create_topics  # noqa: PLC0415

    settings = _settings(partitions, replication, min_insync)
    try:
        made = create_topics(settings, timeout=timeout)
        typer.echo("\n".join(f"made {name}" for name in made) or "nothing to do")
        # A broker tells of what it made a moment ago a moment later: what it made is as it was told.
        _compare(settings, set(made), timeout)
    except Unavailable as error:
        raise SystemExit(str(error)) from None


@app.command("check")
def check(
    partitions: Partitions = None,
    replication: Replication = None,
    min_insync: MinInsync = None,
    timeout: Timeout = 30.0,
) -> None:
    """Compare the topics with how `create` makes them: exit 1 when one is missing, or another than asked for."""
    try:
        _compare(_settings(partitions, replication, min_insync), set(), timeout)
    except Unavailable as error:
        raise SystemExit(str(error)) from None


@app.command("list")
def list_topics(
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
    timeout: Timeout = 30.0,
) -> None:
    """List the platform's topics as they are."""
    from alerting.runtime.topics_admin import find_topics  # noqa: PLC0415

    try:
        found = find_topics(_settings(None, None, None), timeout=timeout)
    except Unavailable as error:
        raise SystemExit(str(error)) from None
    if as_json:
        for topic in found.values():
            typer.echo(json.dumps(_row(topic)))
    else:
        _print_table(found)


def _settings(partitions: int | None, replication: int | None, min_insync: int | None) -> "TopicSettings":
    from alerting.runtime.config import load  # noqa: PLC0415
    from alerting.runtime.topic_settings import TopicSettings  # noqa: PLC0415

    given = {"topic_partitions": partitions, "topic_replication": replication, "topic_min_insync": min_insync}
    return load(TopicSettings).model_copy(update={name: value for name, value in given.items() if value is not None})


def _compare(settings: "TopicSettings", made: set[str], timeout: float) -> None:
    from alerting.runtime.topic_plan import differences, plan  # noqa: PLC0415
    from alerting.runtime.topics_admin import find_topics  # noqa: PLC0415

    planned = [topic for topic in plan(settings) if topic.name not in made]
    lines = differences(planned, find_topics(settings, timeout=timeout))
    if lines:
        raise SystemExit("\n".join(lines))


def _row(topic: "FoundTopic") -> Mapping[str, object]:
    return {
        "topic": topic.name,
        "partitions": topic.partitions,
        "replication": topic.replication,
        "in_sync": topic.in_sync,
        **{name: topic.config.get(name) for name in ("min.insync.replicas", "retention.ms", "max.message.bytes")},
    }


def _print_table(found: Mapping[str, "FoundTopic"]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("Topic", "Partitions", "Copies", "In sync", "min.insync", "retention.ms", "max bytes")
    table.columns[0].overflow = "fold"  # a narrow terminal must not take the end of a name
    for topic in found.values():
        table.add_row(*("–" if value is None else str(value) for value in _row(topic).values()))
    Console().print(table)
