"""`alerting notifications`, as an operator types it."""

import os
import subprocess
import sys

import orjson
import pytest

from fix_delivery import Tenants

HOOK = ("webhook", "https://a.example/")


@pytest.fixture
def tenants(database: str) -> Tenants:
    tenants = Tenants(database)
    tenants.rule("r1", HOOK)
    return tenants


def alerting(tenants: Tenants, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alerting", "notifications", *words],
        env={**os.environ, "ALERTING_POSTGRES_DSN": tenants.dsn, "COLUMNS": "200", "NO_COLOR": "1"},
        input=answer,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


def unsent(tenants: Tenants, number: int) -> list[str]:
    ids = [tenants.notification(f"a{place}", "r1") for place in range(number)]
    tenants.execute("UPDATE notifications SET status = 'NO_ENDPOINT', finished_at = now()")
    return ids


def test_one_is_found_shown_and_sent_again(tenants: Tenants) -> None:
    (wanted,) = unsent(tenants, 1)
    (line,) = alerting(tenants, "list", "--json", "--status", "NO_ENDPOINT").stdout.splitlines()
    assert orjson.loads(line)["id"] == wanted
    assert wanted in alerting(tenants, "list").stdout
    done = alerting(tenants, "resend", wanted)
    assert (done.returncode, done.stderr) == (0, "1 deliveries of 1 notifications are due now\n")
    shown = orjson.loads(alerting(tenants, "show", wanted).stdout)
    assert (shown["status"], shown["deliveries"][0]["value"]) == ("RECEIVED", HOOK[1])
    assert tenants.execute("SELECT actor, subject_id FROM audit_log") == [("cli", wanted)]


def test_many_are_sent_again_when_one_says_yes(tenants: Tenants) -> None:
    unsent(tenants, 3)
    words = ("resend", "--client", "acme", "--status", "NO_ENDPOINT", "--since", "1h")
    no = alerting(tenants, *words, answer="n\n")
    assert no.returncode == 1
    assert "Send 3 notifications again?" in no.stdout + no.stderr
    assert tenants.execute("SELECT count(*) FROM deliveries") == [(0,)]
    assert alerting(tenants, *words, "--yes").returncode == 0
    assert tenants.execute("SELECT count(*) FROM deliveries") == [(3,)]
    nothing = alerting(tenants, *words, "--yes")
    assert (nothing.returncode, nothing.stderr) == (1, "there are no such notifications\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("resend",), "either ids"),
        (("resend", "01a208c8-9bc3-7249-aca4-4a690561b141", "--client", "acme"), "either ids"),
        (("resend", "one"), "not a UUID"),
        (("resend", "--status", "LOST"), "is none of RECEIVED"),
        (("list", "--since", "soon"), "a number and one of"),
        (("show", "01a208c8-9bc3-7249-aca4-4a690561b141"), "there is no notification"),
        (("resend", "01a208c8-9bc3-7249-aca4-4a690561b141"), "do not exist"),
    ],
)
def test_what_is_wrong_is_said(tenants: Tenants, words: tuple[str, ...], said: str) -> None:
    done = alerting(tenants, *words)
    assert done.returncode != 0
    assert said in " ".join(done.stderr.split())


def test_without_a_database_it_says_so(tenants: Tenants) -> None:
    away = Tenants("postgresql://alerting@127.0.0.1:1/alerting")
    done = alerting(away, "list")
    assert done.returncode == 1
    assert done.stderr.startswith("postgres:")
    assert "Traceback" not in done.stderr
