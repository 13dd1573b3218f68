from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fix_ingest import Ingest, running_ingest


@pytest.fixture
async def ingest() -> AsyncIterator[Ingest]:
    async with running_ingest() as running:
        yield running


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Read what a real sender sent."""
    return lambda name: (Path(__file__).parent / "samples" / name).read_bytes()
