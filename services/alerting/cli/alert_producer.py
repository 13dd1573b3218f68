"""``alerting alert-producer``: loads and single alerts, from the command line or as a service."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

    from alerting.alert_producer.catalog import CatalogAlert
    from alerting.alert_producer.mix import Mix
    from alerting.alert_producer.pace import Pace
    from alerting.alert_producer.terminal import Summary

# What sends is imported when it runs: `alerting --help` has no use for a Kafka client.

Text = TypeVar("Text")
Read = TypeVar("Read")

alert_producer = typer.Typer(
    help="Make alerts: a load, a burst, or one to try out who is notified.", no_args_is_help=True
)


_OPTIONS = {
    "severities": "--severity",
    "sources": "--source",
    "context_value_bytes": "--context-bytes",
}


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(alert_producer, name="alert-producer", rich_help_panel="Services")


def _read(function: Callable[[Text], Read], text: Text) -> Read:
    try:
        return function(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _seconds(text: str) -> float:
    from alerting.alert_producer.options import seconds  # noqa: PLC0415

    return _read(seconds, text)


def _weights(text: str) -> dict[str, float]:
    from alerting.alert_producer.options import weights  # noqa: PLC0415

    return _read(weights, text)


Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
Seed = Annotated[
    int | None, typer.Option(min=0, help="The same seed and options make the same alerts. Default: chosen.")
]
IdPrefix = Annotated[
    str | None,
    typer.Option(help="What the alerts' ids begin with. Default: one that no other run has: none is a duplicate."),
]
Severities = Annotated[
    dict[str, float] | None,
    typer.Option(
        "--severity",
        parser=_weights,
        metavar="LOW=50,HIGH=5",
        help="Weight of each severity. Default: each alert's own, as the catalog has it.",
    ),
]
Sources = Annotated[
    dict[str, float] | None,
    typer.Option(
        "--source", parser=_weights, metavar="mysql=3,redis", help="Weight of each source. Default: all of the catalog."
    ),
]
Skew = Annotated[
    float, typer.Option(min=0, max=5, help="Zipf's exponent: how much more frequent the frequent alerts are.")
]
Unmatched = Annotated[float, typer.Option(min=0, max=1, help="Share of alerts with names that no rule has.")]
Duplicates = Annotated[float, typer.Option(min=0, max=1, help="Share of alerts that are sent once more, id included.")]
ContextKeys = Annotated[int, typer.Option(min=0, max=64, help="Entries in each alert's context.")]
ContextBytes = Annotated[int, typer.Option(min=0, max=16_384, help="Size of each value of the context.")]
CatalogFile = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="CSV with the columns severity, source and name, instead of the shipped."
    ),
]


@alert_producer.command()
def serve() -> None:
    """Run the HTTP service, which starts and stops loads as jobs."""
    from alerting.alert_producer.__main__ import main  # noqa: PLC0415

    main()


@alert_producer.command()
def run(
    *,
    rps: Annotated[float, typer.Option(min=0.001, max=10_000_000, help="Alerts a second.")],
    duration: Annotated[
        float | None, typer.Option(parser=_seconds, metavar="1m30s", help="For so long. Default: until stopped.")
    ] = None,
    seed: Seed = None,
    id_prefix: IdPrefix = None,
    severity: Severities = None,
    source: Sources = None,
    skew: Skew = 1.0,
    unmatched: Unmatched = 0.0,
    duplicates: Duplicates = 0.0,
    context_keys: ContextKeys = 3,
    context_bytes: ContextBytes = 12,
    catalog: CatalogFile = None,
    json: Json = False,
) -> None:
    """Send so many alerts a second, for a time."""
    from alerting.alert_producer.pace import Pace  # noqa: PLC0415

    mix = _mix(
        severities=severity,
        sources=source,
        skew=skew,
        unmatched=unmatched,
        duplicates=duplicates,
        context_keys=context_keys,
        context_value_bytes=context_bytes,
    )
    _send(Pace(rps=rps, duration=duration), mix, seed, id_prefix, catalog, json)


@alert_producer.command()
def burst(
    *,
    count: Annotated[int, typer.Option(min=1, help="How many alerts.")],
    seed: Seed = None,
    id_prefix: IdPrefix = None,
    severity: Severities = None,
    source: Sources = None,
    skew: Skew = 1.0,
    unmatched: Unmatched = 0.0,
    duplicates: Duplicates = 0.0,
    context_keys: ContextKeys = 3,
    context_bytes: ContextBytes = 12,
    catalog: CatalogFile = None,
    json: Json = False,
) -> None:
    """Send alerts as fast as the broker takes them."""
    from alerting.alert_producer.pace import Pace  # noqa: PLC0415

    mix = _mix(
        severities=severity,
        sources=source,
        skew=skew,
        unmatched=unmatched,
        duplicates=duplicates,
        context_keys=context_keys,
        context_value_bytes=context_bytes,
    )
    _send(Pace(count=count), mix, seed, id_prefix, catalog, json)


@alert_producer.command()
def one(
    *,
    severity: Annotated[str, typer.Option(help="LOW, MEDIUM, HIGH or CRITICAL.")],
    source: Annotated[str, typer.Option(help="The system that raises it.")],
    name: Annotated[str, typer.Option(help="The alert's name.")],
    context: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="An entry; may come again.")] = None,
    alert_id: Annotated[str | None, typer.Option(help="Default: a new one.")] = None,
    json: Json = False,
) -> None:
    """Send one alert, to see who is notified."""
    from pydantic import ValidationError  # noqa: PLC0415

    from alerting.alert_producer.options import pairs  # noqa: PLC0415
    from alerting.alert_producer.single import SingleAlert  # noqa: PLC0415
    from alerting.alert_producer.terminal import send_from_terminal  # noqa: PLC0415

    fields: dict[str, object] = {"severity": severity, "source": source, "name": name}
    fields["context"] = _read(pairs, context or [])
    if alert_id is not None:
        fields["alert_id"] = alert_id
    try:
        alert = SingleAlert.model_validate(fields)
    except ValidationError as error:
        raise _bad_option(error) from None
    _tell(send_from_terminal(alert), json)


def _send(pace: "Pace", mix: "Mix", seed: int | None, id_prefix: str | None, catalog: Path | None, json: bool) -> None:
    from alerting.alert_producer.generator import UnknownSource  # noqa: PLC0415
    from alerting.alert_producer.load import new_load  # noqa: PLC0415
    from alerting.alert_producer.terminal import send_from_terminal  # noqa: PLC0415

    alerts = _catalog(catalog)
    try:
        _tell(send_from_terminal(new_load(pace, mix, seed, id_prefix), alerts), json)
    except UnknownSource as error:
        raise typer.BadParameter(f"--source: {error}") from None


def _mix(**fields: object) -> "Mix":
    from pydantic import ValidationError  # noqa: PLC0415

    from alerting.alert_producer.mix import Mix  # noqa: PLC0415

    try:
        return Mix.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise _bad_option(error) from None


def _catalog(file: Path | None) -> "Sequence[CatalogAlert]":
    from alerting.alert_producer.catalog import load_catalog, read_catalog  # noqa: PLC0415

    if file is None:
        return load_catalog()
    with file.open(encoding="utf-8", newline="") as lines:
        return _read(read_catalog, lines)


def _bad_option(error: "ValidationError") -> typer.BadParameter:
    fault = error.errors()[0]
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return typer.BadParameter(message)
    field, *rest = (str(part) for part in fault["loc"] if part != "[key]")
    option = _OPTIONS.get(field, f"--{field.replace('_', '-')}")
    return typer.BadParameter(f"{' '.join([option, *rest])}: {message}")


def _tell(summary: "Summary", json: bool) -> None:
    typer.echo(summary.as_json() if json else summary.as_text())
    if summary.error is not None:
        raise SystemExit(1)
