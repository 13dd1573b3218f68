"""Writes a day of the figures that metrics keeps, as if it had run that long: python write_samples.py REDIS."""

import json
import math
import sys
import time
from typing import Any

import redis

# Of the evaluator's alerts, as many find a rule.
SHARES = {"consumed": 1.0, "produced": 0.55, "errors": 0.0}
LATENCIES = {"p50": 3.0, "p99": 17.0}
OTHERS = ("rule-service", "rule-updater", "metrics")


def write_samples(url: str) -> None:
    """Replace the samples of the last hour and day by others that go up and down."""
    database = redis.Redis.from_url(url)
    latest: Any = database.xrevrange("metrics:history:10s", count=1)
    sample = json.loads(latest[0][1][b"sample"])
    now = int(time.time())
    for step, seconds in ((10, 3_600), (60, 86_400)):
        stream = f"metrics:history:{step}s"
        end = now // step * step
        # All at once, and none for now: the platform itself goes on writing.
        with database.pipeline() as transaction:
            transaction.delete(stream)
            for at in range(end - seconds, end, step):
                transaction.xadd(stream, {"sample": json.dumps(sample_at(sample, at - now))}, id=f"{at * 1000}-0")
            transaction.execute()


def sample_at(sample: dict[str, Any], ago: int) -> dict[str, Any]:
    """Return a sample as it may have been some seconds ago: a slow wave, and faster ones on it."""
    wave = 20 + 8 * math.sin(ago / 5_000) + 3 * math.sin(ago / 170) + 1.5 * math.sin(ago / 31)
    services = {
        name: service
        if name in OTHERS
        else {
            **service,
            "rates": {what: round(wave * share, 2) for what, share in SHARES.items()},
            "latency_ms": {what: round(value + wave / 6, 2) for what, value in LATENCIES.items()},
        }
        for name, service in sample["services"].items()
    }
    return {**sample, "services": services}


if __name__ == "__main__":
    write_samples(sys.argv[1])
