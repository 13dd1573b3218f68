"""Where the command begins: a health check, which runs every few seconds, is not made to wait for the command line."""

import sys
from typing import Final

_PROBES: Final = {("health",): "/healthz", ("health", "--ready"): "/readyz"}


def main() -> None:
    """Run the command."""
    path = _PROBES.get(tuple(sys.argv[1:]))
    if path is not None:
        from alerting.cli.health import probe  # noqa: PLC0415

        sys.exit(probe(path))
    from alerting.cli.main import main as run_command_line  # noqa: PLC0415

    run_command_line()
