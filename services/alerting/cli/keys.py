"""``alerting keys``: API keys, straight from the database: for who runs the platform, and for the first key of all."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from alerting.cli.transaction import in_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerting.runtime.database import AsyncConnection, Row

app = typer.Typer(help="API keys: who may call, and what they may.", no_args_is_help=True)

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MOST_DAYS: Final = 36_500
_PAGE: Final = 500
_SCOPE: Final = re.compile(r"admin|ingest|client:[^\0]{1,255}")


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="keys", rich_help_panel="Deployment")


def duration(text: str) -> timedelta:
    """Read a length of time such as ``90d``, ``12h`` or ``30m``."""
    found = re.fullmatch(r"([1-9][0-9]{0,9})([smhdw])", text)
    length = timedelta(seconds=int(found[1]) * _SECONDS[found[2]]) if found else None
    if length is None or length.days > _MOST_DAYS:
        raise typer.BadParameter("a number and one of s, m, h, d, w: 90d, for example; at most 36500d")
    return length


def _scope(text: str) -> str:
    if not _SCOPE.fullmatch(text):
        raise typer.BadParameter("admin, ingest, or client:<id>")
    return text


def _name(text: str) -> str:
    if not 1 <= len(text) <= 255:
        raise typer.BadParameter("1 to 255 characters")
    return text


@app.command("create")
def create(
    scope: Annotated[str, typer.Option(help="admin, ingest, or client:<id>.", callback=_scope)],
    name: Annotated[str, typer.Option(help="What the key is for.", callback=_name)],
    expires_in: Annotated[
        timedelta | None, typer.Option(help="90d, 12h, 30m: until then it works.", parser=duration, metavar="TIME")
    ] = None,
) -> None:
    """Make a key: it alone goes to standard output, this once, and can be read nowhere else."""
    from alerting.rule_service.store import keys  # noqa: PLC0415
    from alerting.runtime.auth import new_key  # noqa: PLC0415

    key = new_key()
    expires_at = datetime.now(UTC) + expires_in if expires_in else None

    async def work(connection: "AsyncConnection") -> "Row":
        return await keys.create(connection, key, name=name, scope=scope, expires_at=expires_at, actor="cli")

    try:
        made = in_transaction(work)
    except keys.UnknownClient:
        raise SystemExit(f"there is no client {scope.partition(':')[2]}") from None
    until = f", until {made['expires_at']:%Y-%m-%d %H:%M} UTC" if made["expires_at"] else ""
    typer.echo(f"key {made['id']}: {scope}{until}", err=True)
    typer.echo(key.key)


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
) -> None:
    """List keys, revoked ones too; never the secret."""
    import orjson  # noqa: PLC0415

    from alerting.rule_service.store import keys  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> "list[Row]":
        rows: list[Row] = []
        while True:
            page = await keys.page(connection, None, rows[-1]["id"] if rows else None, _PAGE)
            rows += page[:_PAGE]
            if len(page) <= _PAGE:
                return rows

    rows = in_transaction(work)
    if as_json:
        for row in rows:
            typer.echo(orjson.dumps(row))
        return
    _print_table(rows)


def _print_table(rows: "Sequence[Row]") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from alerting.runtime.printable import one_line  # noqa: PLC0415

    table = Table("Id", "Name", "Scope", "Begins with", "Expires", "Last used", "State")
    for row in rows:
        table.add_row(
            row["id"],
            Text(one_line(row["name"])),  # what looks like markup in it is none
            Text(one_line(row["scope"])),
            f"ak_{row['prefix']}",
            _date(row["expires_at"]),
            _date(row["last_used_at"]),
            state(row["revoked_at"], row["expires_at"], datetime.now(UTC)),
        )
    Console().print(table)


@app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="As `alerting keys list` shows it.")]) -> None:
    """Revoke a key: within five seconds no service lets it in any more."""
    from alerting.rule_service.store import keys  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> bool:
        return await keys.revoke(connection, key_id, "cli")

    if not in_transaction(work):
        raise SystemExit(f"there is no key {key_id}")
    typer.echo(f"revoked {key_id}", err=True)


def state(revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> str:
    """Return in a word whether a key works."""
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now else "valid"


def _date(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
