"""A database with a rule book, a Redis, and rule-updaters that take a step when they are told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from redis import Redis

from alerting.rule_updater.settings import RuleUpdaterSettings
from fix_rule_book import RuleBook
from fix_rule_updater import Updater

NewUpdater = Callable[..., Updater]


@pytest.fixture
def settings(database: str, redis_url: str) -> RuleUpdaterSettings:
    return RuleUpdaterSettings.model_validate({"postgres_dsn": database, "redis_url": redis_url})


@pytest.fixture
def book(database: str) -> Iterator[RuleBook]:
    with closing(RuleBook(database)) as book:
        yield book


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def new_updater(settings: RuleUpdaterSettings) -> Iterator[NewUpdater]:
    with ExitStack() as stack:

        def make(**more: object) -> Updater:
            return stack.enter_context(closing(Updater(settings, **more)))  # type: ignore[arg-type]

        yield make


@pytest.fixture
def updater(new_updater: NewUpdater) -> Updater:
    return new_updater()
