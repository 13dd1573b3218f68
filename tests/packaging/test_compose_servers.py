"""What deploy/ tells the servers of compose.yaml, told to those of the tests: secrets, accounts, the broker."""

import re
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]
from psycopg.conninfo import make_conninfo
from redis import Redis
from redis.exceptions import NoPermissionError

from alerting.local.kafka import KafkaServer
from alerting.local.postgres import program
from alerting.local.valkey import ValkeyServer
from alerting.runtime.config import Settings
from alerting.runtime.connection_urls import redis_url
from alerting.runtime.migrate import migrate
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


def test_postgres_has_a_role_that_owns_its_database_and_nothing_else(
    postgres: str, secrets: Path, tmp_path: Path
) -> None:
    name = f"compose_{token_hex(6)}"
    text = (DEPLOY / "postgres" / "alerting.sql").read_text("utf-8").replace("/run/secrets", str(secrets))
    script = tmp_path / "alerting.sql"
    # Under another name, as the tests' own role is called that.
    script.write_text(re.sub(r"(ROLE|OWNER|DATABASE) alerting", rf"\1 {name}", text), "utf-8")
    subprocess.run(
        [program("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", postgres, "--file", script], check=True
    )
    password = (secrets / "alerting_postgres_password").read_text("utf-8")
    dsn = make_conninfo(postgres, user=name, dbname=name, password=password)
    assert migrate(Settings(postgres_dsn=dsn))
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s", [name]
        )
        assert found.fetchone() == (False, False, False)


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
        assert len(create_topics(Settings(kafka_bootstrap_servers=server.bootstrap_servers))) == 8
