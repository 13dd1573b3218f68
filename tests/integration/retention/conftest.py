import pytest

from fix_archive import Archive


@pytest.fixture
def archive(database: str) -> Archive:
    return Archive(database)
