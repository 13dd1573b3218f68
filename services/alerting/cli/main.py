"""The command ``alerting``."""

from importlib import import_module
from typing import Annotated

import typer

from alerting import __version__

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_SERVICES = {
    "ingest": "answer HTTP senders, and write their alerts to alerts.new",
    "rule-service": "answer the REST API, and publish changes of rules",
    "rule-updater": "keep the rule set in Redis as the database has it",
    "evaluator": "match alerts against the rules of every client",
    "aggregator": "record one notification for each client and alert",
    "sender": "deliver notifications by mail, Slack and webhook",
    "metrics": "answer what the pipeline does",
}

_GROUPS = (
    "database",
    "topics",
    "health",
    "doctor",
    "keys",
    "rules",
    "alert_producer",
    "notifications",
    "dead_letters",
    "local",
)


def _add_service(name: str, summary: str) -> None:
    def run() -> None:
        # Only now: an evaluator has no use for a web framework.
        import_module(f"alerting.{name.replace('-', '_')}.__main__").main()

    app.command(name, help=f"Run the service: {summary}.", rich_help_panel="Services")(run)


for _name, _summary in _SERVICES.items():
    _add_service(_name, _summary)
for _group in _GROUPS:
    import_module(f"alerting.cli.{_group}").add_to(app)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Route millions of alerts to the people who asked for them."""


def main() -> None:
    """Run the command line."""
    app(prog_name="alerting")
