"""A Redis of rules, and followers that take a step when they are told."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from alerting.rule_updater.settings import RuleUpdaterSettings
from fix_rule_book import RuleBook


@pytest.fixture
def settings(database: str, redis_url: str) -> RuleUpdaterSettings:
    return RuleUpdaterSettings.model_validate({"postgres_dsn": database, "redis_url": redis_url})


@pytest.fixture
def book(database: str) -> Iterator[RuleBook]:
    with closing(RuleBook(database)) as book:
        yield book
