"""``alerting topics`` as a process, on a real broker."""

import json
import os
import subprocess
import sys

import pytest

from alerting.runtime.topics import TOPICS, dead_letter_topic
from fix_process import eventually
from fix_servers import Platform

ALL = [name for topic in TOPICS for name in (topic, dead_letter_topic(topic))]


def run(platform: Platform, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "alerting", "topics", *arguments],
        env={**os.environ, **platform.env, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def fresh(platform: Platform) -> Platform:
    """A deployment without topics."""
    return Platform({**platform.env, "ALERTING_KAFKA_PREFIX": f"{platform.prefix}fresh."})


def test_topics_are_made_once_and_are_then_as_asked_for(fresh: Platform) -> None:
    missing = run(fresh, "check")
    assert missing.returncode == 1
    assert len(missing.stderr.splitlines()) == len(ALL)
    made = run(fresh, "create")
    assert (made.returncode, made.stderr) == (0, "")
    assert sorted(made.stdout.splitlines()) == sorted(f"made {fresh.prefix}{name}" for name in ALL)
    eventually(lambda: run(fresh, "check").returncode == 0, "the broker tells of what it made")
    again = run(fresh, "create")
    assert (again.returncode, again.stdout, again.stderr) == (0, "nothing to do\n", "")


def test_what_differs_is_told_and_stays(platform: Platform) -> None:
    """The tests' topics have three partitions."""
    done = run(platform, "create")
    assert (done.returncode, done.stdout) == (1, "nothing to do\n")
    assert done.stderr.splitlines() == [f"{platform.prefix}{topic} has 3 partitions, not 9" for topic in TOPICS]
    assert run(platform, "create", "--partitions", "3").returncode == 0
    assert run(platform, "check", ALERTING_TOPIC_PARTITIONS="3").returncode == 0


def test_settings_that_are_asked_for_are_made_and_compared(fresh: Platform) -> None:
    asked = ("--partitions", "2", "--replication", "1", "--min-insync-replicas", "1")
    assert run(fresh, "create", *asked).returncode == 0
    eventually(lambda: run(fresh, "check", *asked).returncode == 0, "the broker tells of what it made")
    other = run(fresh, "check", "--partitions", "2", "--replication", "3", "--min-insync-replicas", "2")
    assert other.returncode == 1
    assert f"{fresh.prefix}alerts.new has 1 copies of a partition, not 3" in other.stderr
    assert f"{fresh.prefix}alerts.new has min.insync.replicas=1, not 2" in other.stderr


def test_the_list_is_for_machines_and_for_people(platform: Platform) -> None:
    rows = [json.loads(line) for line in run(platform, "list", "--json").stdout.splitlines()]
    assert {row["topic"]: row["partitions"] for row in rows} == {
        f"{platform.prefix}{name}": 1 if name.endswith(".dlq") else 3 for name in ALL
    }
    assert {row["max.message.bytes"] for row in rows if row["topic"].endswith(".dlq")} == {"1200000"}
    shown = run(platform, "list", COLUMNS="160").stdout
    assert all(f"{platform.prefix}{name} " in shown for name in ALL)


@pytest.mark.parametrize("verb", ["create", "check", "list"])
def test_a_broker_that_is_away_is_one_line(verb: str, platform: Platform) -> None:
    done = run(platform, verb, "--timeout", "1", ALERTING_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("kafka: ")
    assert "Traceback" not in done.stderr
