"""What is asked of Redis."""

import time
from collections.abc import Sequence
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import ResponseError

from alerting.doctor.answer import ask
from alerting.doctor.facts import Beat, Memory, Persistence, RedisFacts, RedisServer, Skew
from alerting.metrics.heartbeats import read_heartbeat
from alerting.rule_set.base import BaseInfo, open_base
from alerting.rule_set.connection import connect
from alerting.rule_set.keys import BASE, LEASE, VERSION, chunk_key
from alerting.runtime.config import Settings
from alerting.runtime.heartbeat import TTL_SECONDS

_MOST_BASE_BYTES: Final = 1 << 30
_MOST_INSTANCES: Final = 2_000


def look(settings: Settings, facts: RedisFacts) -> None:
    """Ask Redis everything, one question after the other.

    Raises
    ------
    RedisError
        It does not let us in.
    """
    with connect(settings) as client:
        info = cast("dict[str, Any]", client.info("all"))
        facts.server = ask(lambda: _server(info))
        facts.skew = ask(lambda: _skew(client))
        facts.memory = ask(lambda: Memory(info["maxmemory_policy"], info["used_memory"], info["maxmemory"]))
        facts.persistence = ask(lambda: _persistence(client, info))
        facts.lease = ask(lambda: _lease(client))
        facts.rules_version = ask(lambda: _number(client, VERSION))
        facts.beats = ask(lambda: _beats(client))
        facts.base = ask(lambda: _base(client))


def _server(info: dict[str, Any]) -> RedisServer:
    if "valkey_version" in info:
        version = f"Valkey {info['valkey_version']}, as Redis {info['redis_version']}"
    else:
        version = f"Redis {info['redis_version']}"
    return RedisServer(version, info["role"] == "master", bool(info["loading"]), bool(info.get("cluster_enabled")))


def _skew(client: Redis) -> Skew:
    before = time.time()
    there = _now(client)
    after = time.time()
    return Skew(there - (before + after) / 2, (after - before) / 2)


def _now(client: Redis) -> float:
    seconds, microseconds = client.time()
    return seconds + microseconds / 1e6


def _persistence(client: Redis, info: dict[str, Any]) -> Persistence:
    failing = "err" in (info["rdb_last_bgsave_status"], info.get("aof_last_write_status", "ok"))
    try:
        saves = bool(cast("dict[str, str]", client.config_get("save"))["save"])
    except (ResponseError, KeyError):
        # Managed servers keep their settings to themselves.
        return Persistence(bool(info["aof_enabled"]), None, failing)
    return Persistence(bool(info["aof_enabled"]), saves, failing)


def _lease(client: Redis) -> str | None:
    mark = cast("bytes | None", client.get(LEASE))
    return None if mark is None else mark.decode(errors="replace").partition(" ")[2]


def _number(client: Redis, key: str) -> int | None:
    text = cast("bytes | None", client.get(key))
    return None if text is None else int(text)


def _base(client: Redis) -> BaseInfo | None:
    fields = cast("dict[bytes, bytes]", client.hgetall(BASE))
    if not fields:
        return None
    info = BaseInfo.from_fields(fields)
    if info.size > _MOST_BASE_BYTES:
        raise LookupError(f"the rule set has {info.size:,} bytes, which is too much to be looked through here")
    chunks = [cast("bytes | None", client.get(chunk_key(info.version, number))) for number in range(info.chunks)]
    open_base(info, [chunk or b"" for chunk in chunks])
    return info


def _beats(client: Redis) -> Sequence[Beat]:
    found = []
    for number, key in enumerate(client.scan_iter(match="heartbeat:*", count=500)):
        if number == _MOST_INSTANCES:
            break
        together = client.pipeline()
        together.get(key)
        together.pttl(key)
        body, left = cast("tuple[bytes | None, int]", together.execute())
        instance = read_heartbeat(body)
        if instance is not None and left > 0:
            # It was written with so many seconds to live, so it is known when by Redis's own clock.
            written = _now(client) - (TTL_SECONDS - left / 1_000)
            found.append(
                Beat(
                    instance.service,
                    instance.instance,
                    instance.version,
                    instance.rules_version,
                    instance.at - written,
                )
            )
    return found
