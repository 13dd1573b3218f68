"""Partitions that are added, as docs/operations/scaling.md says, while a consumer runs."""

import os
import sys
from pathlib import Path

import psycopg
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions

from alerting.events.v1 import AlertMatched, Severity
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings
from alerting.runtime.topics import ALERTS_MATCHED, TOPICS
from fix_guide import shell
from fix_process import eventually, running
from fix_servers import Platform

BEFORE, AFTER = 3, 5


def test_messages_of_new_partitions_are_read(platform: Platform, tmp_path: Path) -> None:
    client = client_properties(platform.settings(Settings))
    match = AlertMatched(alert_id="a1", client_id="acme", severity=Severity.HIGH, source="db", rule_ids=["r1"])
    with running("aggregator", platform.env) as aggregator:
        aggregator.await_ready()
        admin = AdminClient(client)
        for grown in admin.create_partitions(
            [NewPartitions(platform.prefix + name, AFTER) for name in TOPICS]
        ).values():
            grown.result(30)
        producer = Producer(client)
        # Before any member of the group can know of the partition.
        producer.produce(platform.prefix + ALERTS_MATCHED, match.SerializeToString(), b"acme", partition=AFTER - 1)
        assert producer.flush(30) == 0
        with psycopg.connect(platform.dsn, autocommit=True) as connection:
            count = "SELECT count(*) FROM notifications"
            eventually(lambda: connection.execute(count).fetchone() == (1,), "it is recorded")

    env = {**platform.env, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    assert shell("alerting topics check", tmp_path, {**env, "ALERTING_TOPIC_PARTITIONS": str(AFTER)}) == ""
    with pytest.raises(AssertionError, match=f"{ALERTS_MATCHED} has {AFTER} partitions, not {BEFORE}"):
        shell("alerting topics check", tmp_path, {**env, "ALERTING_TOPIC_PARTITIONS": str(BEFORE)})
