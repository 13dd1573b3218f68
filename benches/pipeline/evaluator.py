"""The evaluator alone: one process takes alerts that wait in Kafka, and matches them with rules that wait in Redis.

Kafka is Apache Kafka and Redis is Valkey, on this machine. The clock runs from the first committed batch until the
last one: the start of the process, its joining of the group and its loading of the rules are not in it.
"""

import argparse
import contextlib
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from alerting.local.kafka import KafkaServer
from alerting.local.ports import free_port
from alerting.local.process import Process
from alerting.local.valkey import ValkeyServer
from alerting.rule_set.connection import connect
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.store import RuleStore
from alerting.runtime.broker.kafka import client_properties, producer_properties
from alerting.runtime.config import Settings
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.topics_admin import create_topics
from benches import payloads, workloads
from matchcore import Index

_WORKLOAD = "x"
_DISTINCT = 100_000
"""Alerts that differ; more of them are the same again."""

_TIMEOUT = 300.0
_COUNT = re.compile(rb'^alerting_messages_(consumed|produced)_total\{topic="[^"]*"\} (\S+)$', re.MULTILINE)


class Sample(NamedTuple):
    """What the process says of itself, and when."""

    at: float
    consumed: int
    produced: int


def measure(*, alerts: int = 1_000_000, rules: int = 1_000_000, bootstrap_servers: str = "") -> dict[str, object]:
    """Return how many alerts a second one evaluator process takes; with a Kafka of its own, unless one is given."""
    workload = workloads.make(_WORKLOAD, rules, _DISTINCT)
    index = Index.from_columns(*workload.rules.columns(), version=1)
    with tempfile.TemporaryDirectory(prefix="bench-evaluator-") as folder, contextlib.ExitStack() as stack:
        kafka = bootstrap_servers or stack.enter_context(KafkaServer(Path(folder))).bootstrap_servers
        valkey = stack.enter_context(ValkeyServer(Path(folder)))
        env = {
            "ALERTING_KAFKA_BOOTSTRAP_SERVERS": kafka,
            "ALERTING_KAFKA_PREFIX": f"bench{time.time_ns()}.",
            "ALERTING_REDIS_URL": valkey.url,
            "ALERTING_PORT": str(free_port()),
        }
        settings = TopicSettings.model_validate(
            {name.removeprefix("ALERTING_").lower(): value for name, value in env.items()}
        )
        _write_rules(settings, index)
        topics = create_topics(settings)
        stack.callback(_drop, settings, topics)
        _preload(settings, payloads.encode_all(workload.events), alerts)
        samples = _run(env, settings.port, alerts, Path(folder) / "evaluator.log")
    return _result(samples, len(index))


def _write_rules(settings: Settings, index: Index) -> None:
    redis = connect(settings, timeout=30.0)
    lease = Lease(redis, "bench", 60.0)
    assert lease.hold()
    assert lease.mark is not None
    store = RuleStore(redis, lease=60.0, grace=600.0)
    store.write_base(lease.mark, index, "bench", int(time.time()), continues=False)
    redis.close()


def _drop(settings: Settings, topics: list[str]) -> None:
    admin = AdminClient(client_properties(settings))
    for dropped in admin.delete_topics(topics).values():
        dropped.result(30)


def _preload(settings: Settings, values: list[bytes], count: int) -> None:
    producer = Producer(producer_properties(settings) | {"linger.ms": 50})
    topic = settings.kafka_prefix + ALERTS_NEW
    for number in range(count):
        value = values[number % len(values)]
        while True:
            try:
                producer.produce(topic, value, key=b"%d" % number)
                break
            except BufferError:
                producer.poll(0.1)
    assert producer.flush(_TIMEOUT) == 0


def _run(env: dict[str, str], port: int, alerts: int, log: Path) -> list[Sample]:
    """Run the process until it has committed every alert; return its figures over time."""
    process = Process([sys.executable, "-m", "alerting", "evaluator"], log, env=env)
    try:
        samples: list[Sample] = []
        for sample in _samples(port):
            if not process.alive():
                raise RuntimeError(process.log_tail())
            samples.append(sample)
            if sample.consumed >= alerts:
                return samples
    finally:
        process.stop(20)
    raise RuntimeError(f"after {_TIMEOUT} s: {samples[-1:]}\n{process.log_tail()}")


def _samples(port: int) -> Iterator[Sample]:
    deadline = time.monotonic() + _TIMEOUT
    while time.monotonic() < deadline:
        time.sleep(0.05)
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read()
            counts = {name: int(float(number)) for name, number in _COUNT.findall(text)}
            yield Sample(time.monotonic(), counts.get(b"consumed", 0), counts.get(b"produced", 0))


def _result(samples: list[Sample], rules: int) -> dict[str, object]:
    begun = next(sample for sample in samples if sample.consumed)
    end = samples[-1]
    seconds = end.at - begun.at
    return {
        "rules": rules,
        "alerts": end.consumed,
        "matched": end.produced,
        "seconds": round(seconds, 3),
        "alerts_per_second": round((end.consumed - begun.consumed) / seconds),
    }


def main() -> None:
    """Measure, and print the result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benches.pipeline.evaluator", description=__doc__)
    parser.add_argument("--alerts", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=1_000_000)
    parser.add_argument("--bootstrap-servers", default="", help="of a Kafka that runs already")
    chosen = parser.parse_args()
    result = measure(alerts=chosen.alerts, rules=chosen.rules, bootstrap_servers=chosen.bootstrap_servers)
    sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")


if __name__ == "__main__":
    main()
