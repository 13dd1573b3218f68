"""A real Valkey, broken on purpose."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from redis import Redis

from alerting.doctor import redis_facts
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding
from alerting.local.valkey import ValkeyServer
from alerting.rule_set.base import describe
from alerting.rule_set.keys import BASE, LEASE, VERSION, chunk_key
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.telemetry import Telemetry
from fix_doctor import found
from fix_process import eventually
from matchcore import Index, Rule


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Valkey that is nobody else's, so that it can be set up badly."""
    with ValkeyServer(tmp_path_factory.mktemp("valkey")) as server:
        yield server.url


@pytest.fixture
def redis(own: str) -> Iterator[Redis]:
    with Redis.from_url(own) as client:
        client.flushall()
        yield client


def looked_at(url: str) -> Facts:
    facts = Facts(now=datetime.now(UTC), redis_url=url, version="1")
    redis_facts.look(Settings.model_validate({"redis_url": url}), facts.redis)
    facts.postgres.rules_version = 7
    return facts


def look(url: str, check: str) -> Finding:
    return found(looked_at(url), check)


def put_base(client: Any, *, version: int = 7) -> None:
    index = Index.build([Rule("r1", "acme", "HIGH", "payments", "*")], version=version)
    snapshot = index.to_bytes()
    client.hset(BASE, mapping=describe(index, snapshot, "history", int(time.time())).fields())
    client.set(chunk_key(version, 0), snapshot)
    client.set(VERSION, version)


def test_nothing_is_wrong_with_one_that_is_in_use(redis: Redis, own: str) -> None:
    put_base(redis)
    redis.set(LEASE, "3 rule-updater-1")
    facts = looked_at(own)
    checks = [
        *("redis.reachable", "redis.writable", "redis.tls", "redis.persistence", "redis.memory", "clocks.redis"),
        *("rules.base", "rules.version", "rules.lease"),
    ]
    assert {check: found(facts, check).status for check in checks} == dict.fromkeys(checks, "ok")
    assert found(facts, "rules.lease").found == "held by rule-updater-1"


def test_an_empty_one_has_no_rule_set(redis: Redis, own: str) -> None:
    facts = looked_at(own)
    for check in ("rules.base", "rules.version", "rules.lease", "services.alive"):
        assert found(facts, check).status == "fail"


def test_a_base_that_was_damaged(redis: Redis, own: str) -> None:
    put_base(redis)
    redis.setrange(chunk_key(7, 0), 600, "garbage")
    assert look(own, "rules.base").found.endswith("base 7 has another checksum")
    redis.delete(chunk_key(7, 0))
    assert "has 0 bytes" in look(own, "rules.base").found
    redis.hdel(BASE, "checksum", "version")
    assert look(own, "rules.base").status == "fail"


def test_a_rule_set_that_is_behind_or_ahead(redis: Redis, own: str) -> None:
    put_base(redis, version=6)
    assert look(own, "rules.version").status == "warn"
    put_base(redis, version=8)
    assert "restored" in look(own, "rules.version").found


SETUPS = [
    ("maxmemory-policy", "allkeys-lru", "noeviction", "redis.memory", "fail"),
    ("maxmemory-policy", "volatile-lru", "noeviction", "redis.memory", "warn"),
    ("maxmemory", "1048576", "0", "redis.memory", "warn"),
    ("appendonly", "no", "yes", "redis.persistence", "warn"),
    ("replicaof", "127.0.0.1 1", "no one", "redis.writable", "fail"),
]


@pytest.mark.parametrize(("name", "wrong", "right", "check", "status"), SETUPS, ids=[row[0] + row[1] for row in SETUPS])
def test_a_setup_that_loses_what_is_there(
    name: str, wrong: str, right: str, check: str, status: str, redis: Redis, own: str
) -> None:
    def set_up(value: str) -> None:
        if name == "replicaof":
            host, port = value.split()
            redis.replicaof(host, port)
        else:
            redis.config_set(name, value)

    set_up(wrong)
    try:
        assert look(own, check).status == status
    finally:
        set_up(right)
    # The append-only file is written anew first.
    eventually(lambda: look(own, check).status == "ok", f"{name} is {right} again")


def test_one_that_keeps_its_settings_to_itself(redis: Redis, own: str) -> None:
    """As managed servers do."""
    redis.config_set("appendonly", "no")
    redis.acl_setuser("guest", enabled=True, passwords=["+s3cr3t-w0rd"], keys=["*"], commands=["+@all", "-config"])
    try:
        guest = own.replace("redis://", "redis://guest:s3cr3t-w0rd@")
        assert look(guest, "redis.persistence").status == "skipped"
        assert look(guest, "redis.memory").status == "ok"
    finally:
        redis.acl_deluser("guest")
        redis.config_set("appendonly", "yes")
        # Until the file is written anew, it would refuse to be stopped.
        eventually(lambda: look(own, "redis.persistence").status == "ok", "the append-only file is there again")


def test_a_wrong_password_is_told(own: str) -> None:
    with pytest.raises(Exception, match="invalid username-password pair"):
        looked_at(own.replace("redis://", "redis://me:s3cr3t-w0rd@"))


class OddClock(SystemClock):
    """A clock that is a minute ahead."""

    def now(self) -> float:
        return super().now() + 60.0


def test_heartbeats_tell_of_versions_and_clocks(redis: Redis, own: str) -> None:
    settings = Settings.model_validate({"redis_url": own, "instance": "here"})
    clock = OddClock()
    Heartbeat(settings, "evaluator", Telemetry(clock), clock).beat()
    put_base(redis)
    facts = looked_at(own)
    assert found(facts, "clocks.services").status == "fail"
    assert found(facts, "clocks.services").found.startswith(("here 60.0", "here 59.9"))
    assert found(facts, "services.versions").status == "warn"
    assert found(facts, "services.rules").found == "the newest is 7; here has none"
    assert found(facts, "services.alive").found.startswith("no heartbeat of ingest, aggregator")


def test_what_is_no_heartbeat_counts_as_none(redis: Redis, own: str) -> None:
    redis.set("heartbeat:evaluator:a", orjson.dumps({"service": "evaluator"}), ex=30)
    redis.set("heartbeat:evaluator:b", b"\xff", ex=30)
    assert looked_at(own).redis.beats == []
