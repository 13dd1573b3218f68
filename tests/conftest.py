"""What every test folder shares: the fixtures of fix_*.py, and hypothesis's profiles."""

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

import pytest
from google.protobuf.internal import api_implementation
from hypothesis import HealthCheck, settings

# Not everything has wheels for a Python without the GIL; everywhere else it has to be there.
collect_ignore = []
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    if importlib.util.find_spec("polars") is None:
        collect_ignore.append("unit/matchcore/test_arrow_columns.py")
    if api_implementation.Type() != "upb":
        collect_ignore.append("property/matchcore/test_router_equivalence.py")

# The library is tested where the platform is not installed, too.
PLATFORM = importlib.util.find_spec("alerting") is not None
if not PLATFORM:
    collect_ignore += [
        "unit/alerting",
        "unit/benches",
        "unit/deploy",
        "unit/docsite",
        "property/alerting",
        "contract",
        "integration",
        "e2e",
    ]
pytest_plugins = ["fix_impl", "fix_rules", *(["fix_programs", "fix_servers", "fix_tls"] if PLATFORM else [])]

# What takes a minute to build: one process does, for all who ask for it.
PACKAGING = "tests/packaging/"

# Where the benchmarks are. Last, so that what is installed is found before what lies beside them.
sys.path.append(str(Path(__file__).parents[1]))

# A list of 64 KiB strings is slow to generate without being a fault of the test.
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile(
    "ci", derandomize=True, database=None, max_examples=50, deadline=None, suppress_health_check=SLOW
)
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=SLOW, print_blob=True)
settings.load_profile(os.environ.get("MATCHCORE_HYPOTHESIS", "ci"))


# Not with marks of groups: pytest 9.2 has no place any more where xdist 3.8 writes them, and nothing says so.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Keep together, where several processes share the tests, what has a server of its own or needs the same wheels."""
    # Here, as it is not installed where only the library is tested; and it has no types.
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # noqa: PLC0415

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return PACKAGING if file.startswith(PACKAGING) else file

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_report_header() -> list[str]:
    missing = "not collected, for want of polars or of protobuf's compiled runtime"
    return [f"{missing}: {', '.join(collect_ignore)}"] if collect_ignore else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where CI is set, a test that was skipped is a test that failed."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line(f"{skipped} tests were skipped, which CI does not allow", red=True)
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED  # type: ignore[union-attr]
