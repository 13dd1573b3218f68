"""``alerting notifications``: what clients were told of, straight from the database; and what they are told again."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer

from alerting.cli.keys import duration
from alerting.cli.transaction import in_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerting.rule_service.store.notification_filter import Wanted
    from alerting.rule_service.store.notification_lists import Listed
    from alerting.runtime.database import AsyncConnection, Row

app = typer.Typer(help="Notifications: what clients were told of.", no_args_is_help=True)

_STATUSES: Final = ("RECEIVED", "SENT", "PARTIAL", "FAILED", "NO_ENDPOINT")
_LIST: Final = 50
_MOST: Final = 500
_MOST_RESENT: Final = 10_000


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="notifications", rich_help_panel="Deployment")


def _status(text: str | None) -> str | None:
    if text is not None and text not in _STATUSES:
        raise typer.BadParameter(f"is none of {', '.join(_STATUSES)}")
    return text


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a UUID") from None


Client = Annotated[str | None, typer.Option(help="Only this client's.")]
StatusOption = Annotated[str | None, typer.Option(help=f"{', '.join(_STATUSES)}.", callback=_status)]
Since = Annotated[timedelta | None, typer.Option(help="Not older than 2h, 30m, 7d.", parser=duration, metavar="TIME")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: one object a line.")]


@app.command("list")
def list_notifications(
    client: Client = None,
    status: StatusOption = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Most that are shown.")] = _LIST,
    as_json: AsJson = False,
) -> None:
    """List notifications, the newest first."""
    import orjson  # noqa: PLC0415

    from alerting.rule_service.store import notification_lists  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> "Listed":
        return await notification_lists.page(connection, _wanted(client, status, since), None, limit)

    listed = in_transaction(work)
    rows = listed.rows[:limit]
    if as_json:
        for row in rows:
            typer.echo(orjson.dumps(row, default=str))
    else:
        _print_table(rows)
    if listed.looked_back_to is not None:
        typer.echo("there may be more: the time did not suffice to look at older ones", err=True)


def _print_table(rows: "Sequence[Row]") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from alerting.runtime.printable import one_line  # noqa: PLC0415

    table = Table("Id", "Client", "Severity", "Source", "Name", "Status", "At (UTC)")
    for row in rows:
        # Texts are the senders' own: what looks like markup in them, or like an order to the terminal, is none.
        texts = [Text(one_line(row[name])) for name in ("client_id", "severity", "source", "name")]
        table.add_row(str(row["id"]), *texts, row["status"], f"{row['created_at']:%Y-%m-%d %H:%M:%S}")
    Console().print(table)


@app.command("show")
def show(notification_id: Annotated[str, typer.Argument(metavar="ID", parser=_uuid)]) -> None:
    """Print a notification with its deliveries and their attempts, as JSON."""
    import orjson  # noqa: PLC0415

    from alerting.rule_service.store import notifications  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> "dict[str, Any] | None":
        row = await notifications.find(connection, UUID(notification_id), None)
        deliveries = await notifications.deliveries(connection, UUID(notification_id))
        return None if row is None else {**row, "deliveries": deliveries}

    found = in_transaction(work)
    if found is None:
        raise SystemExit(f"there is no notification {notification_id}")
    typer.echo(orjson.dumps(found, default=str, option=orjson.OPT_INDENT_2))


@app.command("resend")
def resend_notifications(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", parser=_uuid)] = None,
    client: Client = None,
    status: StatusOption = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="What has arrived, too; under the same key.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Send notifications again: those that are named, or all that the options find.

    What has not arrived is sent again, and endpoints that their rules have by now are told as well.
    """
    from alerting.deliveries.resend import HeldBack, held_back, resend  # noqa: PLC0415
    from alerting.rule_service.store import audit, notification_lists  # noqa: PLC0415

    filtered = client or status or since
    if bool(ids) == bool(filtered):
        raise typer.BadParameter("either ids, or at least one of --client, --status and --since")
    filtered_by = _wanted(client, status, since)

    async def find(connection: "AsyncConnection") -> list[str]:
        return await notification_lists.ids(connection, filtered_by, _MOST_RESENT + 1)

    wanted = list(dict.fromkeys(ids)) if ids else in_transaction(find)
    if len(wanted) > _MOST_RESENT:
        raise SystemExit(f"these are more than {_MOST_RESENT}: choose fewer, such as by --client or --since")
    if not wanted:
        raise SystemExit("there are no such notifications")
    if not (ids or yes):
        typer.confirm(f"Send {len(wanted)} notifications again?", abort=True)

    async def work(connection: "AsyncConnection") -> tuple[int, int, HeldBack]:
        numbers = await resend(connection, wanted, "all" if everything else "undelivered")
        for notification_id in numbers:
            await audit.write(connection, "cli", "resent", "notification", notification_id, None, {})
        return len(numbers), numbers.total(), await held_back(connection, numbers)

    number, deliveries, held = in_transaction(work)
    typer.echo(f"{deliveries} deliveries of {number} notifications are due now", err=True)
    if held.until is not None:
        until = f"{held.until.astimezone(UTC):%H:%M:%S} UTC"
        typer.echo(f"{held.deliveries} of them wait until {until}: so much failed at their receivers", err=True)
    if number < len(wanted):
        left = len(wanted) - number
        typer.echo(f"{left} had nothing to send, no enabled endpoint, or do not exist", err=True)
        raise typer.Exit(0 if number else 1)


def _wanted(client: str | None, status: str | None, since: timedelta | None) -> "Wanted":
    from alerting.rule_service.store.notification_filter import Wanted  # noqa: PLC0415

    statuses = [status] if status else []
    return Wanted(client_id=client, statuses=statuses, begin=datetime.now(UTC) - since if since else None)
