"""``python -m release.sbom``: what comes with the wheels of dist/, and what is in the UI, each a CycloneDX document.

A wheel's document lists what an environment holds in which only it is installed, at the versions that were tested.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from release.environment import CHECKOUT, CommandError, Environment, run

_DIST: Final = CHECKOUT / "dist"
_OUT: Final = CHECKOUT / "build" / "sbom"
_UI: Final = CHECKOUT / "ui"


def python_document(distribution: str, folder: Path) -> Path:
    """Install a distribution's wheel, and write down what came with it."""
    environment = Environment.make(Path(sys.executable), _OUT / distribution)
    environment.install("--find-links", str(_DIST), distribution, "--pre")
    run(environment.python, "-m", "pip", "uninstall", "--yes", "--quiet", "setuptools", "pip")
    written = _OUT / f"{distribution}.cdx.json"
    told = ("--pyproject", folder / "pyproject.toml", "--output-reproducible", "--output-file", written)
    run(sys.executable, "-m", "cyclonedx_py", "environment", environment.python, *told)
    return written


def ui_document() -> Path:
    """Write down what npm's lock file puts into the UI."""
    written = _OUT / "alerting-ui.cdx.json"
    written.write_text(run("npm", "sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only", cwd=_UI))
    return written


def main() -> None:
    """Run the command."""
    if not list(_DIST.glob("alerting-*.whl")):
        raise SystemExit("There is nothing in dist/: make wheels")
    shutil.rmtree(_OUT, ignore_errors=True)
    _OUT.mkdir(parents=True)
    try:
        library, platform = python_document("matchcore", CHECKOUT), python_document("alerting", CHECKOUT / "services")
        written = [library, platform, ui_document()]
    except CommandError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.writelines(f"{path.relative_to(CHECKOUT)}\n" for path in written)


if __name__ == "__main__":
    main()
