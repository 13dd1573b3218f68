"""Encrypted ways to the servers, and what becomes of a server that nobody vouches for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._scram import (  # typed only where they are defined
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from psycopg.conninfo import conninfo_to_dict

from alerting.doctor import kafka_facts
from alerting.doctor.facts import KafkaFacts
from alerting.local.kafka import KafkaServer
from alerting.local.ports import free_port
from alerting.rule_set.connection import connect as connect_redis
from alerting.runtime import async_redis
from alerting.runtime.broker.kafka import client_properties, producer_properties
from alerting.runtime.config import Settings
from alerting.runtime.database import connect
from alerting.runtime.errors import Unavailable
from alerting.runtime.migrate import migrate
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics_admin import create_topics
from fix_tls import Authority, tls_before

PASSWORD = "s3cr3t p@ss"
SECONDS = 20.0


class GuardedKafka(KafkaServer):
    """A Kafka with a listener for those who speak TLS and say who they are."""

    def __init__(self, data_dir: Path, authority: Authority) -> None:
        super().__init__(data_dir)
        self.authority = authority
        self.guarded_port = free_port()

    def _settings(self, log_dir: Path) -> Mapping[str, object]:
        usual = dict(super()._settings(log_dir))
        guarded = f"GUARDED://127.0.0.1:{self.guarded_port}"
        key, chain = (text.replace("\n", "\\n") for text in (self.authority.key, self.authority.chain))
        return usual | {
            "listeners": f"{usual['listeners']},{guarded}",
            "advertised.listeners": f"{usual['advertised.listeners']},{guarded}",
            "listener.security.protocol.map": f"{usual['listener.security.protocol.map']},GUARDED:SASL_SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.guarded.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.key": key,
            "ssl.keystore.certificate.chain": chain,
        }


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[GuardedKafka]:
    with GuardedKafka(tmp_path_factory.mktemp("guarded"), authority) as server:
        admin = AdminClient({"bootstrap.servers": server.bootstrap_servers})
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096)
        made = admin.alter_user_scram_credentials([UserScramCredentialUpsertion("me", info, PASSWORD.encode())])
        for future in made.values():
            future.result(SECONDS)
        yield server


def kafka_settings(server: GuardedKafka, **more: object) -> TopicSettings:
    given = {
        "kafka_bootstrap_servers": f"127.0.0.1:{server.guarded_port}",
        "kafka_security_protocol": "sasl_ssl",
        "kafka_ca_file": str(server.authority.ca_file),
        "kafka_sasl_username": "me",
        "kafka_sasl_password": PASSWORD,
        **more,
    }
    return TopicSettings.model_validate(given)


def test_kafka_lets_in_whom_it_knows(guarded: GuardedKafka) -> None:
    settings = kafka_settings(guarded)
    assert create_topics(settings, timeout=SECONDS)
    producer = Producer(producer_properties(settings))
    producer.produce("alerts.new", b"a")
    assert producer.flush(SECONDS) == 0
    consumer = Consumer(client_properties(settings) | {"group.id": "g", "auto.offset.reset": "earliest"})
    consumer.subscribe(["alerts.new"])
    try:
        found = consumer.poll(SECONDS)
    finally:
        consumer.close()
    assert found is not None
    assert found.value() == b"a"


def test_kafka_refuses_whom_it_does_not_know(guarded: GuardedKafka) -> None:
    with pytest.raises(Unavailable):
        create_topics(kafka_settings(guarded, kafka_sasl_password="guessed"), timeout=1)


def test_the_doctor_says_why_kafka_refuses(guarded: GuardedKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_facts, "_SECONDS", 2.0)
    wrong = kafka_settings(guarded, kafka_sasl_password="guessed")
    with pytest.raises(Unavailable, match=r"[Aa]uthentication failed"):
        kafka_facts.look(wrong, KafkaFacts())


def test_another_kafka_is_not_asked(guarded: GuardedKafka) -> None:
    with pytest.raises(Unavailable):
        create_topics(kafka_settings(guarded, kafka_ca_file=str(guarded.authority.other_ca_file)), timeout=1)


@pytest.fixture
def redis_port(redis_url: str, authority: Authority) -> Iterator[int]:
    with tls_before(urlsplit(redis_url).port or 0, authority.context) as port:
        yield port


async def test_redis_is_asked_over_tls(redis_port: int, authority: Authority) -> None:
    settings = Settings(redis_url=f"rediss://127.0.0.1:{redis_port}/0", redis_ca_file=str(authority.ca_file))
    with connect_redis(settings) as client:
        client.set("a", "1")
    client = async_redis.connect(settings, timeout=SECONDS)
    assert await client.get("a") == b"1"
    await client.aclose()


def test_another_redis_is_not_asked(redis_port: int, authority: Authority) -> None:
    settings = Settings(redis_url=f"rediss://127.0.0.1:{redis_port}/0", redis_ca_file=str(authority.other_ca_file))
    with connect_redis(settings) as client, pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        client.ping()


@pytest.fixture
def postgres_port(database: str, authority: Authority) -> Iterator[int]:
    with tls_before(int(str(conninfo_to_dict(database)["port"])), authority.context, postgres=True) as port:
        yield port


def postgres_settings(database: str, port: int, ca_file: Path) -> Settings:
    """Return settings whose password is apart."""
    at = conninfo_to_dict(database)
    dsn = f"postgresql://{at['user']}@127.0.0.1:{port}/{at['dbname']}?sslmode=verify-full&sslrootcert={ca_file}"
    return Settings.model_validate({"postgres_dsn": dsn, "postgres_password": at["password"]})


def test_postgres_is_asked_over_tls(database: str, postgres_port: int, authority: Authority) -> None:
    settings = postgres_settings(database, postgres_port, authority.ca_file)
    assert migrate(settings) == []
    with connect(settings) as connection:
        assert connection.pgconn.ssl_in_use


def test_another_postgres_is_not_asked(database: str, postgres_port: int, authority: Authority) -> None:
    with pytest.raises(Unavailable, match="certificate verify failed"):
        connect(postgres_settings(database, postgres_port, authority.other_ca_file))
