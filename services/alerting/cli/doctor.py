"""``alerting doctor``: what is wrong with a deployment, and what to do about it."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerting.doctor.finding import Finding


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", rich_help_panel="Deployment")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
    url: Annotated[
        list[str] | None,
        typer.Option(help="A service's address, such as http://rules:8081, to be asked whether it is ready; several."),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="That of `alerting up`: its platform is examined.", show_default=False
        ),
    ] = None,
) -> None:
    """Test every dependency, topic, migration, key and clock of a deployment, and say what to do about what is wrong.

    The settings are those of the services. Nothing is changed, and no mail is sent. Exit 1 when something fails.
    """
    from alerting.local.environment import URLS, NotRunningError, read_environment  # noqa: PLC0415

    if data_dir is not None:
        try:
            os.environ.update(read_environment(data_dir))
        except NotRunningError as error:
            raise typer.BadParameter(str(error)) from None
    urls = dict.fromkeys([*(url or ()), *(os.environ[name] for name in URLS if os.environ.get(name))])
    findings = _findings(list(urls), data_dir)
    _print(findings, as_json=as_json)
    raise typer.Exit(1 if any(finding.status == "fail" for finding in findings) else 0)


def _findings(urls: list[str], data_dir: Path | None) -> "Sequence[Finding]":
    from alerting.doctor.examination import examine  # noqa: PLC0415
    from alerting.doctor.judgement import judge  # noqa: PLC0415
    from alerting.doctor.report import redacted, secrets  # noqa: PLC0415
    from alerting.doctor.settings_facts import faults, readable_settings  # noqa: PLC0415

    # What the libraries have to complain of is in the report.
    logging.disable(logging.CRITICAL)
    return redacted(judge(examine(urls=urls, data_dir=data_dir)), secrets(readable_settings(faults())))


def _print(findings: "Sequence[Finding]", *, as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415

    from alerting.doctor import report  # noqa: PLC0415

    if as_json:
        for finding in findings:
            typer.echo(report.as_json(finding))
    else:
        report.print_table(findings, Console())
