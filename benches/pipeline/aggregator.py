"""The aggregator alone: one process records matches that wait in Kafka, and publishes them.

Kafka is Apache Kafka and PostgreSQL has its usual settings, fsync among them, on this machine. The clock runs from the
first committed batch until the last one: the start of the process and its joining of the group are not in it.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path

import orjson
import psycopg
from confluent_kafka import Producer

from alerting.events.v1 import AlertMatched, Severity
from alerting.local.kafka import KafkaServer
from alerting.local.ports import free_port
from alerting.local.postgres import PostgresServer
from alerting.local.process import Process
from alerting.runtime.broker.kafka import producer_properties
from alerting.runtime.config import Settings
from alerting.runtime.migrate import migrate
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_MATCHED
from alerting.runtime.topics_admin import create_topics
from benches.pipeline.samples import Sample, samples

_CLIENTS = 1_000
_TIMEOUT = 300.0


def measure(
    *, notifications: int = 300_000, duplicates: float = 0.0, batch_size: int = 5_000, bootstrap_servers: str = ""
) -> dict[str, object]:
    """Return how many notifications a second one process records; with a Kafka of its own, unless one is given.

    `duplicates` is the share of messages that come a second time.
    """
    with tempfile.TemporaryDirectory(prefix="bench-aggregator-") as folder, contextlib.ExitStack() as stack:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        kafka = bootstrap_servers or stack.enter_context(KafkaServer(Path(folder))).bootstrap_servers
        postgres = stack.enter_context(PostgresServer(Path(folder)))
        env = {
            "ALERTING_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "ALERTING_KAFKA_PREFIX": f"bench{time.time_ns()}.",
            "ALERTING_POSTGRES_DSN": postgres.dsn,
            "ALERTING_PORT": str(free_port()),
            "ALERTING_BATCH_SIZE": str(batch_size),
            "ALERTING_LOG_LEVEL": "error",  # there is no Redis for its heartbeat
        }
        settings = TopicSettings.model_validate(
            {name.removeprefix("ALERTING_").lower(): value for name, value in env.items()}
        )
        migrate(settings)
        create_topics(settings)
        messages = _preload(settings, notifications, duplicates)
        found = _run(env, settings.port, messages, Path(folder) / "aggregator.log")
        recorded = _recorded(postgres.dsn)
    return {"batch_size": batch_size, "recorded": recorded, "lost": notifications - recorded, **_result(found)}


def _preload(settings: Settings, count: int, duplicates: float) -> int:
    producer = Producer(producer_properties(settings) | {"linger.ms": 50})
    topic = settings.kafka_prefix + ALERTS_MATCHED
    again = int(1 / duplicates) if duplicates else count + 1
    sent = 0
    for number in range(count):
        for _ in range(1 if (number + 1) % again else 2):
            _produce(producer, topic, b"client-%d" % (number % _CLIENTS), _match(number))
            sent += 1
    assert producer.flush(_TIMEOUT) == 0
    return sent


def _match(number: int) -> bytes:
    return AlertMatched(
        # Ids as they come: in no order.
        alert_id=f"{number * 2_654_435_761 % 2**32:08x}-{number}",
        schema_version=1,
        event_ts=1_700_000_000 + number,
        severity=Severity.HIGH,
        source=f"service-{number % 300}",
        name=f"Alert{number % 1_000}",
        context={"region": "us-east-1", "pod": f"api-{number % 100}", "summary": "High latency of the API"},
        client_id=f"client-{number % _CLIENTS}",
        rule_ids=[f"rule-{number % 5_000}"],
        rules_version=17,
    ).SerializeToString()


def _produce(producer: Producer, topic: str, key: bytes, value: bytes) -> None:
    while True:
        try:
            producer.produce(topic, value, key=key)
        except BufferError:
            producer.poll(0.1)
        else:
            return


def _run(env: dict[str, str], port: int, messages: int, log: Path) -> list[Sample]:
    """Run the process until it has committed every message; return its figures over time."""
    process = Process([sys.executable, "-m", "alerting", "aggregator"], log, env=env)
    found: list[Sample] = []
    try:
        for sample in samples(port, _TIMEOUT):
            if not process.alive():
                raise RuntimeError(process.log_tail())
            found.append(sample)
            if sample.consumed >= messages:
                return found
    finally:
        process.stop(20)
    raise RuntimeError(f"after {_TIMEOUT} s: {found[-1:]}\n{process.log_tail()}")


def _recorded(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM notifications").fetchone()
    assert row is not None
    return int(row[0])


def _result(found: list[Sample]) -> dict[str, object]:
    begun = next(sample for sample in found if sample.consumed)
    end = found[-1]
    seconds = end.at - begun.at
    return {
        "messages": end.consumed,
        "published": end.produced,
        "seconds": round(seconds, 3),
        "notifications_per_second": round((end.consumed - begun.consumed) / seconds),
    }


def main() -> None:
    """Measure, and print the result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benches.pipeline.aggregator", description=__doc__)
    parser.add_argument("--notifications", type=int, default=300_000)
    parser.add_argument("--duplicates", type=float, default=0.0, help="share of messages that come twice")
    parser.add_argument("--batch-size", type=int, default=5_000)
    parser.add_argument("--bootstrap-servers", default="", help="of a Kafka that runs already")
    chosen = parser.parse_args()
    result = measure(
        notifications=chosen.notifications,
        duplicates=chosen.duplicates,
        batch_size=chosen.batch_size,
        bootstrap_servers=chosen.bootstrap_servers,
    )
    sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main()
