"""PostgreSQL from the wheel: durable, on loopback only, with a password, and not as root."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from alerting.local.postgres import PostgresServer
from alerting.local.server import ServerError
from integration.local.processes import gone, only_on_loopback

QUICK = {"fsync": "off"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("data"), settings=QUICK) as server:
        yield server


def query(server: PostgresServer, statement: str) -> object:
    with psycopg.connect(server.dsn) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row and row[0]


def execute(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.dsn) as connection:
        connection.execute(statement.encode())


def test_is_postgresql_18_with_the_database_and_the_role(server: PostgresServer) -> None:
    assert server.alive()
    assert str(query(server, "SHOW server_version")).startswith("18.")
    assert query(server, "SELECT current_database() || ' ' || current_user") == "alerting alerting"
    assert query(server, "SHOW server_encoding") == "UTF8"


def test_takes_settings_over_the_defaults(server: PostgresServer) -> None:
    assert query(server, "SHOW fsync") == "off"


def test_listens_on_loopback_only(server: PostgresServer) -> None:
    assert only_on_loopback(server.port)
    assert query(server, "SHOW unix_socket_directories") == ""


def test_wants_the_password(server: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(server.dsn, password="guess"))


def test_keeps_the_password_where_only_its_owner_reads_it(server: PostgresServer) -> None:
    file = server.dir / "password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() not in Path(f"/proc/{server.pid}/cmdline").read_text()


def test_never_runs_as_root(server: PostgresServer) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_refuses_a_second_server_on_the_directory(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerting.local.server.LOCK_SECONDS", 0.1)
    with pytest.raises(ServerError, match="another postgres runs in"):
        PostgresServer(server.dir.parent).start()
    assert query(server, "SELECT 1") == 1


def test_refuses_a_port_that_is_taken(server: PostgresServer, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=f"cannot listen on port {server.port}: it is taken"):
        PostgresServer(tmp_path, port=server.port).start()


def test_keeps_data_and_port_over_stop_and_kill(tmp_path: Path, server: PostgresServer) -> None:
    first = PostgresServer(tmp_path, settings=QUICK)
    with first:
        assert first.port != server.port  # two at once
        execute(first, "CREATE TABLE kept AS SELECT 7 AS number")
        dsn, pid = first.dsn, first.pid
    assert gone(pid)

    with PostgresServer(tmp_path, settings=QUICK) as second:
        assert second.dsn == dsn
        execute(second, "UPDATE kept SET number = 8")
        with psycopg.connect(second.dsn) as left_open:
            os.kill(second.pid, signal.SIGKILL)
            second.wait(10)
            assert not second.alive()
            second.start()
            left_open.close()
        assert query(second, "SELECT number FROM kept") == 8
    assert gone(second.pid)
    assert "database system is ready to accept connections" in second.log.read_text()


def test_shows_why_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"(?s)postgres ended with 1.*unrecognized configuration.*no_such_setting"):
        PostgresServer(tmp_path, settings={**QUICK, "no_such_setting": "1"}).start()


def test_makes_its_directory_again_after_being_interrupted(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with PostgresServer(tmp_path, settings=QUICK) as server:
        assert query(server, "SELECT 1") == 1


def test_says_which_folder_keeps_its_user_from_its_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerting.local.postgres.program", lambda name: str(tmp_path / "closed" / "bin" / name))
    (tmp_path / "closed" / "bin").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    server = PostgresServer(tmp_path / "data")
    server.user = "nobody"
    with pytest.raises(ServerError, match="runs as nobody, who may not enter /"):
        server.start()
    assert not (tmp_path / "data" / "postgres" / "data").exists()
