"""Where the platform of a data directory is, for commands that are run beside it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from alerting.runtime.errors import AlertingError

URLS: Final = ("ALERTING_URL", "ALERTING_INGEST_URL", "ALERTING_PRODUCER_URL", "ALERTING_METRICS_URL")
"""The variables that lead to services, rule-service first."""

_FILE: Final = "environment"


class NotRunningError(AlertingError):
    """No platform runs in a data directory."""


def write_environment(data_dir: Path, env: Mapping[str, str]) -> None:
    """Write down the variables that lead to a platform, for its owner only: a password is among them."""
    file = data_dir / _FILE
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"{name}={value}\n" for name, value in env.items() if "\n" not in value)


def remove_environment(data_dir: Path) -> None:
    """Take it away: the platform has stopped."""
    (data_dir / _FILE).unlink(missing_ok=True)


def read_environment(data_dir: Path) -> dict[str, str]:
    """Return the variables that lead to the platform of a data directory.

    Raises
    ------
    NotRunningError
        None runs there.
    """
    try:
        lines = (data_dir / _FILE).read_text().splitlines()
    except OSError as error:
        raise NotRunningError(f"no platform runs in {data_dir}: {error.strerror}; `alerting up` starts one") from None
    return dict(line.split("=", 1) for line in lines)
