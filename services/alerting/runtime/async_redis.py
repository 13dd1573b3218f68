"""Redis for questions that are asked again anyway: each is asked once, and waited for as long as `timeout` says."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable


def connect(settings: Settings, *, timeout: float) -> Redis:
    """Make a client that retries nothing."""
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


@contextmanager
def redis_errors() -> Iterator[None]:
    """Raise `Unavailable` for whatever Redis does not do."""
    try:
        yield
    except RedisError as error:
        raise Unavailable("redis", error) from error
