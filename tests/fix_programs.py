"""Programs of Debian's that tests run."""

import os
import shutil
from collections.abc import Callable

import pytest


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed (Debian: apt-get install prometheus prometheus-alertmanager bubblewrap)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Find a program of Debian's; where CI is set, its absence is a failure."""
    return _program
