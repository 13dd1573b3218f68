from collections.abc import AsyncIterator

import pytest

from fix_dead_letters import Office, Refusals, opened
from fix_servers import Platform


@pytest.fixture
def refusals(platform: Platform) -> Refusals:
    return Refusals(platform)


@pytest.fixture
async def office(platform: Platform) -> AsyncIterator[Office]:
    async with opened(platform) as office:
        yield office
