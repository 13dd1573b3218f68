"""How far the pipeline is: what waits in the topics, and which rules the evaluators have."""

import orjson
import psycopg
from redis import Redis

from alerting.metrics.lag import LagReader
from alerting.runtime.config import Settings


class Progress:
    """Asks the broker, the database and Redis."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lag = LagReader(settings, timeout=10.0)
        self._redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=5.0)

    def close(self) -> None:
        """Let go of the connections."""
        self._lag.close()
        self._redis.close()

    def lag(self) -> int:
        """Return how many messages the consumers have not committed, over all topics."""
        return sum(topic.lag for topic in self._lag.read())

    def rules_version(self) -> int:
        """Return the version of the rules in the database."""
        dsn = self._settings.postgres_dsn.get_secret_value()
        with psycopg.connect(dsn, connect_timeout=5) as connection:
            row = connection.execute("SELECT version FROM rules_version").fetchone()
        return int(row[0]) if row else 0

    def evaluator_version(self) -> int:
        """Return the oldest version that a living evaluator matches with; -1 when there is none."""
        beats = [self._redis.get(key) for key in self._redis.scan_iter("heartbeat:evaluator:*", count=100)]
        versions = [orjson.loads(beat)["rules_version"] for beat in beats if isinstance(beat, bytes)]
        return min((-1 if version is None else int(version) for version in versions), default=-1)
