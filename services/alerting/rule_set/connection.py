"""Redis for those who wait for it: bounded time-outs, and its errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable


def connect(settings: Settings, *, timeout: float = 5.0) -> Redis:
    """Make a client that tries once; whoever calls it knows better when again.

    It gives up when it cannot send all of a command in `timeout` seconds, or gets nothing of an answer for as long.
    """
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=timeout,
        socket_connect_timeout=min(timeout, 5.0),
        client_name=_client_name(settings.instance),
        retry=Retry(NoBackoff(), 0),
    )


def _client_name(instance: str) -> str:
    # Redis takes no other characters, and refuses the connection over it.
    return "".join(letter if "!" <= letter <= "~" else "_" for letter in instance)


@contextmanager
def redis_errors() -> Iterator[None]:
    """Raise `Unavailable` for whatever Redis does not do."""
    try:
        yield
    except RedisError as error:
        raise Unavailable("redis", error) from error
