"""The service of one test."""

from collections.abc import AsyncIterator

import pytest

from fix_rule_service import RuleService, serving


@pytest.fixture
async def service(database: str) -> AsyncIterator[RuleService]:
    async with serving(database) as service:
        yield service
