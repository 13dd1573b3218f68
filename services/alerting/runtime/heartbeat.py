"""Tells the metrics service, through Redis, that a process lives and how it fares."""

import threading

import orjson
import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from alerting import __version__
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings
from alerting.runtime.telemetry import Telemetry

_log = structlog.get_logger(__name__)

TTL_SECONDS = 30


class Heartbeat:
    """A thread that writes ``heartbeat:<service>:<instance>``, which expires when the process is gone."""

    def __init__(self, settings: Settings, service: str, telemetry: Telemetry, clock: Clock) -> None:
        self._settings = settings
        self._service = service
        self._telemetry = telemetry
        self._clock = clock
        self._started = clock.now()
        self._stop = threading.Event()
        # The next heartbeat is the retry, and a process that stops waits for nothing.
        self._redis = Redis.from_url(
            settings.redis_url.get_secret_value(),
            socket_timeout=2.0,
            socket_connect_timeout=2.0,
            retry=Retry(NoBackoff(), 0),
        )
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @property
    def key(self) -> str:
        """Return the heartbeat's key in Redis."""
        return f"heartbeat:{self._service}:{self._settings.instance}"

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and take the key away: the process is not lost, it left."""
        self._stop.set()
        self._thread.join()
        try:
            self._redis.delete(self.key)
        except RedisError as error:
            _log.info("heartbeat left to expire", error=str(error))
        self._redis.close()

    def beat(self) -> None:
        """Write one heartbeat."""
        body = {
            "service": self._service,
            "instance": self._settings.instance,
            "version": __version__,
            "started_at": self._started,
            "at": self._clock.now(),
            **self._telemetry.figures(),
        }
        self._redis.set(self.key, orjson.dumps(body), ex=TTL_SECONDS)

    def _run(self) -> None:
        failing = False
        while True:
            try:
                self.beat()
                failing = False
            except RedisError as error:
                # Said once: without Redis the service works on, it only cannot be seen.
                if not failing:
                    _log.warning("no heartbeat", error=str(error))
                failing = True
            if self._stop.wait(self._settings.heartbeat_interval):
                return
