"""What deploy/ tells the servers of compose.yaml, told to those of the tests: secrets, accounts, the broker."""

import os
import re
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from redis import Redis
from redis.exceptions import NoPermissionError

from alerting.local.kafka import KafkaServer
from alerting.local.postgres import program
from alerting.local.valkey import ValkeyServer
from alerting.runtime.config import Settings
from alerting.runtime.connection_urls import redis_url
from alerting.runtime.migrate import migrate
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics_admin import create_topics
from fix_image import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def make_secrets(directory: Path) -> list[str]:
    """Return what was made."""
    done = subprocess.run([DEPLOY / "make-secrets", directory], capture_output=True, text=True, check=True)
    return [line.removeprefix("made ") for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("deploy") / "secrets"
    make_secrets(directory)
    return directory


def test_every_secret_that_compose_names_is_made_once(tmp_path: Path) -> None:
    named = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert set(make_secrets(tmp_path / "secrets")) == named == set(COMPOSE["secrets"])
    before = {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()}
    assert make_secrets(tmp_path / "secrets") == []
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()} == before
    assert len(set(before.values())) == len(before)


def test_secrets_are_kept_from_others_by_their_directory(secrets: Path) -> None:
    # Containers run under other numbers than the owner's, and have to read what is mounted into them.
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o444}


class LikeCompose(ValkeyServer):
    """Valkey, started as compose.yaml starts it."""

    def __init__(self, data_dir: Path, secrets: Path) -> None:
        super().__init__(data_dir)
        self._secrets = secrets

    def command(self) -> Sequence[str]:
        program, *_ = super().command()
        _, *options = (
            word.replace("/run/secrets", str(self._secrets)) for word in COMPOSE["services"]["valkey"]["command"]
        )
        return [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.dir), *options]


@pytest.fixture(scope="module")
def valkey_url(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the platform logs in."""
    with LikeCompose(tmp_path_factory.mktemp("valkey"), secrets) as server:
        address = COMPOSE["x-environment"]["ALERTING_REDIS_URL"].replace("valkey:6379", f"127.0.0.1:{server.port}")
        yield redis_url(address, (secrets / "alerting_redis_password").read_text("utf-8"), "")


def test_valkey_lets_the_platform_do_its_work_and_not_administrate(valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.info("persistence")["aof_enabled"] == 1
        assert client.eval("return redis.call('SET', KEYS[1], ARGV[1])", 1, "rules:test", "1") == b"OK"
        for refused in (client.flushall, client.acl_list, lambda: client.config_set("save", "1 1"), client.shutdown):
            with pytest.raises(NoPermissionError):
                refused()


def test_valkey_tells_a_stranger_that_it_is_there_and_nothing_else(valkey_url: str) -> None:
    with Redis.from_url("redis://" + valkey_url.rpartition("@")[2]) as stranger:
        assert stranger.ping()
        with pytest.raises(NoPermissionError):
            stranger.get("rules:base")


@dataclass(frozen=True)
class Database:
    """PostgreSQL as in the container, but for the name that stands for `alerting`: the tests' superuser has that."""

    server: str
    secrets: Path
    folder: Path
    name: str = field(default_factory=lambda: f"compose_{token_hex(6)}")

    @property
    def dsn(self) -> str:
        password = (self.secrets / "alerting_postgres_password").read_text("utf-8")
        return make_conninfo(self.server, user=self.name, dbname=self.name, password=password)

    def run(self, command: str) -> None:
        """Run a command of PostgreSQL's, as its superuser."""
        variables = {f"PG{name.upper()}": str(value) for name, value in conninfo_to_dict(self.server).items()}
        env = {**os.environ, **variables, "PGDATABASE": variables["PGDBNAME"]}
        env["PATH"] = f"{Path(program('psql')).parent}:{env['PATH']}"
        command = self.renamed(command.replace("--username=postgres", ""))
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"

    def renamed(self, text: str) -> str:
        """Put this name in the place of `alerting`, and one like it in that of `before`."""
        text = re.sub(r"\bbefore\b", f"{self.name}_before", text)
        return re.sub(r"\balerting\b(?!\.dump|_)", self.name, text)


@pytest.fixture
def database_like_compose(postgres: str, secrets: Path, tmp_path: Path) -> Database:
    """One that was made by what the container runs when its volume is empty."""
    made = Database(postgres, secrets, tmp_path)
    script = (DEPLOY / "postgres" / "alerting.sql").read_text("utf-8").replace("/run/secrets", str(secrets))
    (tmp_path / "made.sql").write_text(made.renamed(script), "utf-8")
    made.run("psql --no-psqlrc --set=ON_ERROR_STOP=1 --file=made.sql")
    return made


def test_postgres_has_a_role_that_owns_its_database_and_may_do_no_more(database_like_compose: Database) -> None:
    assert migrate(Settings(postgres_dsn=database_like_compose.dsn))
    query = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    with psycopg.connect(database_like_compose.dsn) as connection:
        assert connection.execute(query).fetchone() == (False, False, False)


def test_the_commands_of_the_guide_back_the_database_up_and_restore_it(database_like_compose: Database) -> None:
    database = database_like_compose
    migrate(Settings(postgres_dsn=database.dsn))
    with psycopg.connect(database.dsn) as connection:
        connection.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme')")
    guide = (DEPLOY / "README.md").read_text("utf-8")
    commands = re.findall(r"^docker compose exec -T postgres (.*)$", guide, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["pg_dump", "psql", "createdb", "pg_restore"]
    for command in commands:
        database.run(command)
    assert migrate(Settings(postgres_dsn=database.dsn)) == []
    with psycopg.connect(database.dsn) as connection:
        assert connection.execute("SELECT name FROM clients").fetchall() == [("Acme",)]


class KafkaLikeCompose(KafkaServer):
    """Kafka with the settings of compose.yaml, as its image makes a file of its environment."""

    def _settings(self, log_dir: Path) -> dict[str, object]:
        environment = COMPOSE["services"]["kafka"]["environment"]
        settings: dict[str, object] = {
            variable.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
            for variable, value in environment.items()
            if variable.startswith("KAFKA_") and variable != "KAFKA_HEAP_OPTS"
        }
        places = {
            "//kafka:9092": f"//127.0.0.1:{self.port}",
            "//:9092": f"//127.0.0.1:{self.port}",
            "localhost:9093": f"127.0.0.1:{self._controller_port}",
            "/var/lib/kafka/data": str(log_dir),
        }
        for ours, here in places.items():
            settings = {name: str(value).replace(ours, here) for name, value in settings.items()}
        return settings


def test_kafka_takes_its_settings_and_the_topics(tmp_path: Path) -> None:
    with KafkaLikeCompose(tmp_path) as server:
        assert len(create_topics(TopicSettings(kafka_bootstrap_servers=server.bootstrap_servers))) == 8
