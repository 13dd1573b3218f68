"""The readiness checks of services that work outside of an event loop: each asks on a connection of its own."""

import psycopg
from confluent_kafka import KafkaException
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from starlette.concurrency import run_in_threadpool

from alerting.runtime.broker.admin import Admin
from alerting.runtime.config import Settings
from alerting.runtime.database import postgres_errors
from alerting.runtime.errors import Unavailable
from alerting.runtime.health import Check

_SECONDS = 3


def postgres_check(settings: Settings) -> Check:
    """Return a check that the database answers."""

    async def check() -> None:
        with postgres_errors():
            dsn = settings.postgres_dsn.get_secret_value()
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True, connect_timeout=_SECONDS) as asked:
                await asked.execute("SELECT 1")

    return check


def redis_check(settings: Settings) -> Check:
    """Return a check that Redis answers."""
    client = Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )

    def ask() -> None:
        try:
            client.ping()
        except RedisError as error:
            raise Unavailable("redis", error) from error

    async def check() -> None:
        await run_in_threadpool(ask)

    return check


def broker_check(settings: Settings, topic: str) -> Check:
    """Return a check that the broker answers, and has the topic."""
    admin = Admin(settings)
    name = settings.kafka_prefix + topic

    def ask() -> None:
        try:
            found = admin.ask(lambda client: client.list_topics(name, timeout=_SECONDS))
        except KafkaException as failure:
            raise Unavailable("kafka", failure.args[0]) from failure
        error = found.topics[name].error
        if error is not None:
            raise Unavailable("kafka", error)

    async def check() -> None:
        await run_in_threadpool(ask)

    return check
