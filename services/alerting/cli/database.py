"""``alerting migrate``: what a deployment does to its database before its services start."""

import typer

from alerting.runtime.config import Settings, load
from alerting.runtime.errors import Unavailable


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", rich_help_panel="Deployment")(migrate)


def migrate() -> None:
    """Bring the database's schema up to date; safe twice and from several processes."""
    from alerting.runtime.migrate import migrate as apply_missing  # noqa: PLC0415

    try:
        applied = apply_missing(load(Settings))
    except Unavailable as error:
        raise SystemExit(str(error)) from None
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")
