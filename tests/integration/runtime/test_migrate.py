"""The schema, brought up to date: twice, by two at once, past a killed one, and whatever the address looks like."""

import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from yoyo.backends import DatabaseBackend

from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.migrate import migrate

BOUND = 60.0
LOCK = 7_221_801


@pytest.fixture
def empty(postgres: str) -> str:
    """The DSN of an empty database without the schema."""
    name = f"empty_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_conninfo(postgres, dbname=name)


@pytest.fixture
def role(empty: str) -> tuple[str, str]:
    """A role that may make tables, with a name and a password that are hard to write in a URL."""
    name, password = f"r@le/ {secrets.token_hex(4)}", "p@ss/w:rd?&=#% '\\ü+"
    database = conninfo_to_dict(empty)["dbname"]
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(str(database)), sql.Identifier(name))
        )
    return name, password


def settings(dsn: str) -> Settings:
    return Settings(postgres_dsn=dsn)


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {row[0] for row in rows}


def test_the_second_time_there_is_nothing_to_do(empty: str) -> None:
    first = migrate(settings(empty))
    assert first == sorted(first)
    assert "0001_initial" in first
    assert {"clients", "rules", "notifications"} <= tables(empty)
    assert migrate(settings(empty)) == []


def test_every_file_is_applied(empty: str) -> None:
    folder = Path(__file__).parents[3] / "migrations"
    assert migrate(settings(empty)) == sorted(file.stem for file in folder.glob("*.sql"))


def test_what_is_in_the_tables_stays(empty: str) -> None:
    migrate(settings(empty))
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme')")
        migrate(settings(empty))
        assert connection.execute("SELECT count(*) FROM clients").fetchone() == (1,)


def start(dsn: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "alerting", "migrate"],
        env={"ALERTING_POSTGRES_DSN": dsn, "PATH": "/usr/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_apply_everything_once(empty: str) -> None:
    both = [start(empty), start(empty)]
    done = [process.communicate(timeout=BOUND) for process in both]
    assert [process.returncode for process in both] == [0, 0], done
    said = sorted(output for output, _ in done)
    assert said[1] == "nothing to do\n"
    assert "applied 0001_initial" in said[0]


def wait_until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_holder_of_the_lock_that_is_killed_blocks_nobody(empty: str) -> None:
    connect = f"import psycopg, time; connection = psycopg.connect({empty!r})"
    hold = f"{connect}; connection.execute('SELECT pg_advisory_lock({LOCK})'); time.sleep({BOUND})"
    holder = subprocess.Popen([sys.executable, "-c", hold])
    with psycopg.connect(empty, autocommit=True) as connection:

        def locks(granted: bool) -> int:
            row = connection.execute(
                """
                SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                WHERE locktype = 'advisory' AND granted = %s AND datname = current_database()
                """,
                (granted,),
            ).fetchone()
            assert row is not None
            return int(row[0])

        wait_until(lambda: locks(granted=True) == 1)
        waiting = start(empty)
        wait_until(lambda: locks(granted=False) == 1)
    holder.send_signal(signal.SIGKILL)
    holder.wait(BOUND)
    output, errors = waiting.communicate(timeout=BOUND)
    assert waiting.returncode == 0, errors
    assert "applied 0001_initial" in output


def test_a_migration_that_is_killed_is_done_again(empty: str) -> None:
    process = start(empty)
    with psycopg.connect(empty, autocommit=True) as connection:
        wait_until(
            lambda: (
                process.poll() is not None
                or connection.execute("SELECT 1 FROM pg_tables WHERE tablename LIKE '%%yoyo%%'").fetchone()
            )
        )
    process.send_signal(signal.SIGKILL)
    process.communicate()
    migrate(settings(empty))
    assert migrate(settings(empty)) == []
    assert {"clients", "rules", "notifications", "audit_log"} <= tables(empty)


def test_a_lock_that_a_killed_process_left_behind_is_nobodys(empty: str) -> None:
    migrate(settings(empty))
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 1)")
        connection.execute("DELETE FROM _yoyo_migration WHERE migration_id = '0002_rules_match_index'")
        connection.execute("DROP INDEX IF EXISTS rules_match")
    migrate(settings(empty))


def test_a_migration_and_the_note_of_it_are_one(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(DatabaseBackend, "mark_one", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(settings(empty))
    assert "clients" not in tables(empty)
    migrate(settings(empty))
    assert "clients" in tables(empty)


def test_a_hard_name_and_a_hard_password(empty: str, role: tuple[str, str]) -> None:
    migrate(settings(make_conninfo(empty, user=role[0], password=role[1])))
    assert "clients" in tables(empty)


def test_a_hard_name_and_password_in_a_url(empty: str, role: tuple[str, str]) -> None:
    at = conninfo_to_dict(empty)
    user, password = (quote(part, safe="") for part in role)
    migrate(settings(f"postgresql://{user}:{password}@{at['host']}:{at['port']}/{at['dbname']}?application_name=a%20b"))
    assert "clients" in tables(empty)


def test_parameters_of_the_address_survive(empty: str) -> None:
    options = "-c statement_timeout=1234567 -c search_path=public"
    migrate(settings(make_conninfo(empty, sslmode="prefer", application_name="mig rate", options=options)))
    assert "clients" in tables(empty)


def test_a_server_that_has_no_tls_is_refused_when_tls_is_required(empty: str) -> None:
    with pytest.raises(Unavailable, match="SSL"):
        migrate(settings(make_conninfo(empty, sslmode="require")))


def test_a_database_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        migrate(settings("postgresql://u@127.0.0.1:1/db"))


def test_the_command_says_so_without_the_password() -> None:
    process = start("postgresql://u:s3cr3t@127.0.0.1:1/db")
    output, errors = process.communicate(timeout=BOUND)
    assert process.returncode == 1
    assert errors.startswith("postgres: ")
    assert "s3cr3t" not in output + errors
