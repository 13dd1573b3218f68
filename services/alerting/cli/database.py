"""``alerting migrate`` and ``alerting topics``: what a deployment does before its services start."""

import typer

from alerting.runtime.config import Settings, load
from alerting.runtime.errors import Unavailable

topics = typer.Typer(help="The topics of the broker.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("migrate", rich_help_panel="Deployment")(migrate)
    app.add_typer(topics, name="topics", rich_help_panel="Deployment")


def migrate() -> None:
    """Bring the database's schema up to date; safe twice and from several processes."""
    from alerting.runtime.migrate import migrate as apply_missing  # noqa: PLC0415

    try:
        applied = apply_missing(load(Settings))
    except Unavailable as error:
        raise SystemExit(str(error)) from None
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@topics.command("create")
def create(
    partitions: int = typer.Option(9, min=1, help="Of each topic; dead letters have one."),
    replication: int = typer.Option(-1, min=-1, help="Copies of each partition; -1 takes the broker's default."),
) -> None:
    """Make the topics that are missing."""
    from alerting.runtime.topics_admin import create_topics  # noqa: PLC0415

    try:
        made = create_topics(load(Settings), partitions=partitions, replication=replication)
    except Unavailable as error:
        raise SystemExit(str(error)) from None
    typer.echo("\n".join(f"made {name}" for name in made) or "nothing to do")
