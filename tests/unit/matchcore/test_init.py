"""The package: what it exports, and how the implementation is chosen."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

import matchcore

EXPORTED = {
    "Explanation",
    "Index",
    "LiveIndex",
    "MatchBatch",
    "Matches",
    "MatchcoreError",
    "Router",
    "Rule",
    "RuleError",
    "RuleTypeError",
    "SnapshotError",
    "View",
    "WILDCARD",
    "WireError",
    "__impl__",
    "__version__",
}


def run(code: str, impl: str | None) -> subprocess.CompletedProcess[str]:
    """Run `code` in an interpreter of its own that finds the same matchcore, with MATCHCORE_IMPL set or not."""
    env = {key: value for key, value in os.environ.items() if key != "MATCHCORE_IMPL"}
    env["PYTHONPATH"] = str(Path(matchcore.__file__).parents[1])
    if impl is not None:
        env["MATCHCORE_IMPL"] = impl
    return subprocess.run([sys.executable, "-P", "-c", code], env=env, capture_output=True, text=True, check=False)


def test_all_is_pinned() -> None:
    assert set(matchcore.__all__) == EXPORTED
    assert len(matchcore.__all__) == len(EXPORTED)


@pytest.mark.parametrize("name", sorted(EXPORTED))
def test_every_exported_name_exists(name: str) -> None:
    assert hasattr(matchcore, name)


def test_the_version_is_the_distributions() -> None:
    assert matchcore.__version__ == importlib.metadata.version("matchcore")


@pytest.mark.parametrize(
    ("impl", "named", "module"),
    [
        (None, "cython", "matchcore._index"),
        ("cython", "cython", "matchcore._index"),
        ("python", "python", "matchcore._reference_index"),
    ],
)
def test_the_environment_chooses(impl: str | None, named: str, module: str) -> None:
    ran = run("import matchcore; print(matchcore.__impl__, matchcore.Index.__module__)", impl)
    assert ran.stderr == ""
    assert ran.stdout.split() == [named, module]


@pytest.mark.parametrize("impl", ["rust", "", "Python"])
def test_an_unknown_choice_is_an_error_that_names_it(impl: str) -> None:
    ran = run("import matchcore", impl)
    assert ran.returncode != 0
    assert f"ImportError: MATCHCORE_IMPL must be 'cython' or 'python', not {impl!r}" in ran.stderr


@pytest.mark.parametrize("module", ["_index", "_live", "_wire"])
def test_a_missing_extension_is_never_replaced(module: str) -> None:
    ran = run(f"import sys; sys.modules['matchcore.{module}'] = None; import matchcore", None)
    assert ran.returncode != 0
    assert f"matchcore.{module}" in ran.stderr
    assert "ModuleNotFoundError" in ran.stderr


def test_the_readable_implementation_needs_no_extension() -> None:
    blocked = (
        "import sys; sys.modules.update(dict.fromkeys(['matchcore._index', 'matchcore._live', 'matchcore._wire']))"
    )
    ran = run(f"{blocked}; import matchcore; print(len(matchcore.Index.build([])))", "python")
    assert (ran.stdout, ran.stderr) == ("0\n", "")


def test_the_compiled_implementation_does_not_load_the_readable_one() -> None:
    ran = run("import sys, matchcore; print([name for name in sys.modules if '_reference' in name])", "cython")
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
