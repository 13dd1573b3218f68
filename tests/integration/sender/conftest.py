from collections.abc import AsyncIterator

import pytest

from fix_delivery import Receiver, Tenants, running_receiver


@pytest.fixture
def tenants(database: str) -> Tenants:
    return Tenants(database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running
