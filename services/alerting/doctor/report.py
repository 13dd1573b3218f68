"""The findings, for people and for programs."""

import json
import os
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alerting.doctor.finding import Finding
from alerting.doctor.settings_facts import DoctorSettings
from alerting.runtime.printable import one_line

_STYLES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red", "skipped": "dim"}
_LEAST: Final = 4
"""Letters of a secret that is taken out of texts; shorter ones are in many words."""


def as_json(finding: Finding) -> str:
    """Return a line for programs."""
    return json.dumps(
        {"check": finding.check, "status": finding.status, "found": finding.found, "advice": finding.advice},
        ensure_ascii=False,
    )


def print_table(findings: Sequence[Finding], console: Console) -> None:
    """Print a table, and how many there are of each status."""
    table = Table("Check", "Status", "Found, and what to do", show_lines=False)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for finding in findings:
        text = Text(one_line(finding.found))
        if finding.advice:
            text.append(f"\n→ {finding.advice}", style="bold")
        table.add_row(finding.check, Text(finding.status, style=_STYLES[finding.status]), text)
    console.print(table)
    counts = {status: sum(finding.status == status for finding in findings) for status in _STYLES}
    console.print(", ".join(f"{number} {status}" for status, number in counts.items() if number))


def secrets(settings: DoctorSettings | None) -> list[str]:
    """Return what must not be printed, the longest first."""
    if settings is None:
        return []
    dsn, url = settings.postgres_dsn.get_secret_value(), settings.redis_url.get_secret_value()
    found = {
        str(conninfo_to_dict(dsn).get("password") or ""),
        os.environ.get("PGPASSWORD", ""),
        urlsplit(url).password or "",
        unquote(urlsplit(url).password or ""),
        settings.kafka_sasl_password.get_secret_value(),
        *(value for name, value in settings.kafka_properties.items() if "password" in name or "key.pem" in name),
        settings.smtp_password.get_secret_value(),
    }
    return sorted((text for text in found if len(text) >= _LEAST), key=len, reverse=True)


def redacted(findings: Iterable[Finding], hidden: Sequence[str]) -> list[Finding]:
    """Return the findings without secrets: servers and libraries put what they like into their errors."""
    return [
        Finding(each.check, each.status, _without(each.found, hidden), _without(each.advice, hidden))
        for each in findings
    ]


def _without(text: str, hidden: Sequence[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, "…")
    return text
