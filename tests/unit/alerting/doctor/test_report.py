"""The report: for programs, for people without colours, and never with a secret."""

import io
import json

import pytest
from rich.console import Console

from alerting.doctor.finding import Finding, fail, ok, warn
from alerting.doctor.report import as_json, print_table, redacted, secrets
from alerting.doctor.settings_facts import DoctorSettings

FINDINGS = [ok("keys.admin", "1 valid"), warn("keys.ingest", "[bold]none", "do it"), fail("rules.lease", "nobody")]


def test_a_line_for_programs() -> None:
    assert json.loads(as_json(FINDINGS[1])) == {
        "check": "keys.ingest",
        "status": "warn",
        "found": "[bold]none",
        "advice": "do it",
    }


def test_the_table_is_readable_without_colours() -> None:
    output = io.StringIO()
    print_table(FINDINGS, Console(file=output, width=100))
    text = output.getvalue()
    assert "\x1b" not in text
    for word in ("keys.ingest", "warn", "[bold]none", "→ do it", "nobody", "`alerting rule-updater`"):
        assert word in text
    assert text.splitlines()[-1] == "1 ok, 1 warn, 1 fail"


SECRET = "s3cr3t/w0rd"


@pytest.mark.parametrize(
    "settings",
    [
        {"postgres_dsn": "postgresql://u:s3cr3t%2Fw0rd@h/db"},
        {"postgres_dsn": f"host=h password={SECRET}"},
        {"redis_url": "redis://:s3cr3t%2Fw0rd@h/0"},
        {"redis_password": SECRET},
        {"kafka_sasl_password": SECRET},
        {"kafka_properties": {"ssl.key.password": SECRET}},
        {"smtp_password": SECRET},
    ],
    ids=str,
)
def test_no_secret_is_printed_whoever_says_it(settings: dict[str, object]) -> None:
    hidden = secrets(DoctorSettings.model_validate(settings))
    said = Finding("redis.reachable", "fail", f"the server says {SECRET}!", f"use {SECRET}")
    (finding,) = redacted([said], hidden)
    assert finding == Finding("redis.reachable", "fail", "the server says …!", "use …")


def test_what_is_short_is_in_many_words() -> None:
    assert secrets(DoctorSettings(smtp_password="a")) == []
    assert secrets(None) == []
