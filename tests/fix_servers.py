"""Real servers for the tests: Apache Kafka, PostgreSQL and Valkey, once a session, on loopback.

Each test that asks for `platform` has topics, groups and a database of its own, and an empty Redis.
ALERTING_TEST_KAFKA names a Kafka that runs already, which saves its start.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from redis import Redis

from alerting.local.kafka import KafkaServer
from alerting.local.postgres import PostgresServer
from alerting.local.valkey import ValkeyServer
from alerting.runtime.config import Settings
from alerting.runtime.migrate import migrate
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics_admin import create_topics

AnySettings = TypeVar("AnySettings", bound=Settings)


@dataclass(frozen=True)
class Platform:
    """Where one test's topics, database and Redis are."""

    env: Mapping[str, str]
    """The settings as a process's environment: ``ALERTING_*``."""

    def settings(self, kind: type[AnySettings], **more: object) -> AnySettings:
        """Return a service's settings for this platform."""
        given = {name.removeprefix("ALERTING_").lower(): value for name, value in self.env.items()}
        return kind.model_validate({**given, **more})

    @property
    def dsn(self) -> str:
        return self.env["ALERTING_POSTGRES_DSN"]

    @property
    def prefix(self) -> str:
        """What the names of topics and groups begin with."""
        return self.env["ALERTING_KAFKA_PREFIX"]

    def redis(self) -> Redis:
        return Redis.from_url(self.env["ALERTING_REDIS_URL"])


@pytest.fixture(scope="session")
def servers_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def kafka(servers_dir: Path) -> Iterator[str]:
    """The bootstrap address of an Apache Kafka."""
    running = os.environ.get("ALERTING_TEST_KAFKA")
    if running:
        yield running
        return
    with KafkaServer(servers_dir) as server:
        yield server.bootstrap_servers


@pytest.fixture(scope="session")
def postgres(servers_dir: Path) -> Iterator[str]:
    """The DSN of a PostgreSQL whose database `migrated` is a template with the schema."""
    with PostgresServer(servers_dir, settings={"fsync": "off", "synchronous_commit": "off"}) as server:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            connection.execute("CREATE DATABASE migrated")
        migrate(Settings(postgres_dsn=make_conninfo(server.dsn, dbname="migrated")))
        yield server.dsn


@pytest.fixture(scope="session")
def valkey(servers_dir: Path) -> Iterator[str]:
    """The URL of a Valkey."""
    with ValkeyServer(servers_dir) as server:
        yield server.url


@pytest.fixture
def database(postgres: str) -> str:
    """The DSN of an empty database with the schema."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE migrated").format(sql.Identifier(name)))
    return make_conninfo(postgres, dbname=name)


@pytest.fixture
def redis_url(valkey: str) -> str:
    """The URL of an empty Redis."""
    with Redis.from_url(valkey) as client:
        client.flushdb()
    return valkey


@pytest.fixture
def platform(kafka: str, database: str, redis_url: str) -> Platform:
    """Topics, a database and a Redis of the test's own."""
    env = {
        "ALERTING_KAFKA_BOOTSTRAP_SERVERS": kafka,
        "ALERTING_KAFKA_PREFIX": f"t{secrets.token_hex(6)}.",
        "ALERTING_POSTGRES_DSN": database,
        "ALERTING_REDIS_URL": redis_url,
        "ALERTING_KAFKA_SESSION_TIMEOUT": "6",
        "ALERTING_LOG_FORMAT": "console",
    }
    platform = Platform(env)
    create_topics(platform.settings(TopicSettings, topic_partitions=3))
    return platform
