"""``python -m release.sbom``: what comes with the wheels of dist/, and what is in the UI, each a CycloneDX document.

A wheel's document lists what an environment holds in which only it is installed, at the versions that were tested.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from release.contents import Wheel
from release.environment import CHECKOUT, CommandError, Environment, run

_DIST: Final = CHECKOUT / "dist"
_OUT: Final = CHECKOUT / "build" / "sbom"
_UI: Final = CHECKOUT / "ui"


def python_document(distribution: str, version: str, folder: Path) -> Path:
    """Install a distribution's wheel, and write down what came with it."""
    environment = Environment.make(Path(sys.executable), _OUT / distribution)
    # Exactly this version: an index may know something newer by the same name.
    environment.install("--find-links", str(_DIST), f"{distribution}=={version}")
    run(environment.python, "-m", "pip", "uninstall", "--yes", "--quiet", "setuptools", "pip")
    written = _OUT / f"{distribution}.cdx.json"
    told = ("--pyproject", folder / "pyproject.toml", "--output-reproducible", "--output-file", written)
    run(sys.executable, "-m", "cyclonedx_py", "environment", environment.python, *told)
    written.write_text(named(written.read_text("utf-8"), distribution, version), "utf-8")
    return written


def named(document: str, distribution: str, version: str) -> str:
    """Say in a document which version it is of, which pyproject.toml does not know."""
    loaded = json.loads(document)
    loaded["metadata"]["component"] |= {"version": version, "purl": f"pkg:pypi/{distribution}@{version}"}
    return json.dumps(loaded, indent=2, sort_keys=True) + "\n"


def ui_document() -> Path:
    """Write down what npm's lock file puts into the UI."""
    written = _OUT / "alerting-ui.cdx.json"
    written.write_text(
        run("npm", "sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only", cwd=_UI), "utf-8"
    )
    return written


def main() -> None:
    """Run the command."""
    wheels = list(_DIST.glob("alerting-*.whl"))
    if len(wheels) != 1:
        raise SystemExit("There is no platform in dist/: make wheels")
    version = Wheel.read(wheels[0]).version
    shutil.rmtree(_OUT, ignore_errors=True)
    _OUT.mkdir(parents=True)
    try:
        written = [
            python_document("matchcore", version, CHECKOUT),
            python_document("alerting", version, CHECKOUT / "services"),
            ui_document(),
        ]
    except CommandError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.writelines(f"{path.relative_to(CHECKOUT)}\n" for path in written)


if __name__ == "__main__":
    main()
