"""The Dockerfile as it is written; test_image.py takes its steps."""

import os
import re
import subprocess
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from fix_dockerfile import Ignored, Stage, read_dockerfile
from fix_image import CHECKOUT, DOCKERFILE, IGNORE, send_context

FILE = read_dockerfile(DOCKERFILE)
STAGES = {stage.name or "image": stage for stage in FILE.stages}
LAST = FILE.stages[-1]
PLATFORM = tomllib.loads((CHECKOUT / "services" / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is sent to the builder, of a checkout with something in every place that is nobody's business."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in (*WANTED, *UNWANTED):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("", "utf-8")
    send_context(checkout, checkout / "context")
    return checkout / "context"


WANTED = (
    "constraints.txt",
    "matchcore/_index.pyx",
    "matchcore/rule.py",
    "migrations/0001_initial.sql",
    "services/alerting/py.typed",
    "services/pyproject.toml",
    "ui/.npmrc",
    "ui/src/main.tsx",
)
UNWANTED = (
    ".env",
    ".git/config",
    ".venv/bin/python",
    "deploy/secrets/postgres_password",
    "docs/platform.md",
    "matchcore/_index.c",
    "matchcore/_index.so",
    "services/alerting.egg-info/PKG-INFO",
    "services/alerting/__pycache__/x.pyc",
    "services/alerting/ui_dist/index.html",
    "tests/conftest.py",
    "ui/e2e/alerts.spec.ts",
    "ui/node_modules/react/index.js",
    "ui/src/lib/time.test.ts",
)


def test_the_builder_is_sent_what_it_needs_and_nothing_else(context: Path) -> None:
    assert {str(path.relative_to(context)) for path in context.rglob("*") if path.is_file()} == set(WANTED)


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_what_it_copies_is_there_and_is_sent(stage: Stage) -> None:
    ignored = Ignored(IGNORE)
    copied = [copy for copy in stage.all("COPY") if not copy.flag("from")]
    sources = [PurePosixPath(source) for copy in copied for source in copy.words()[:-1]]
    assert [source for source in sources if source in ignored or not (CHECKOUT / source).exists()] == []


def test_images_are_named_by_arguments_that_a_release_gives_with_digests() -> None:
    images = {name: image for name, image in FILE.arguments.items() if name.endswith("_IMAGE")}
    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)?(-\w+)+", image) for image in images.values())
    assert {stage.base for stage in FILE.stages} - set(STAGES) == {f"${{{name}}}" for name in images}


def test_a_release_learns_the_digests_of_what_it_is_built_on(tmp_path: Path) -> None:
    # Stands for Docker's client, which asks the registry.
    docker = tmp_path / "docker"
    docker.write_text(
        '#!/bin/sh\ntest "$*" = "buildx imagetools inspect $4 --format {{.Manifest.Digest}}" && echo sha256:"$4"'
    )
    docker.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    told = subprocess.run(["make", "--silent", "image-bases"], cwd=CHECKOUT, env=env, capture_output=True, check=True)
    images = {name: image for name, image in FILE.arguments.items() if name.endswith("_IMAGE")}
    assert told.stdout.decode().splitlines() == [f"{name}={image}@sha256:{image}" for name, image in images.items()]
    docker.write_text("#!/bin/sh\nexit 1\n")
    assert subprocess.run(["make", "--silent", "image-bases"], cwd=CHECKOUT, env=env, check=False).returncode != 0


def test_what_is_compiled_fits_where_it_runs() -> None:
    assert FILE.arguments["BUILD_IMAGE"] == FILE.arguments["PYTHON_IMAGE"].replace("-slim", "")


def test_it_has_every_extra_but_those_for_developers() -> None:
    extras = ",".join(sorted(set(PLATFORM["optional-dependencies"]) - {"dev", "local"}))
    named = re.findall(r"\[([a-z,]+)\]", " ".join(run.value for stage in FILE.stages for run in stage.all("RUN")))
    assert named == [extras, extras]


def test_it_is_run_in_exec_form_by_a_number_of_nobody() -> None:
    assert LAST.only("ENTRYPOINT").words() == ["alerting"]
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", LAST.only("USER").value)
    assert LAST.only("HEALTHCHECK").value == 'CMD ["alerting", "health"]'
    # What is after it cannot change what root owns.
    kinds = [instruction.keyword for instruction in LAST.instructions]
    assert not {"RUN", "COPY", "ADD"} & set(kinds[kinds.index("USER") :])


def test_the_last_stage_installs_from_nowhere_but_the_wheels() -> None:
    (install,) = (run for run in LAST.all("RUN") if "pip install" in run.value)
    assert "--no-index" in install.value
    assert not LAST.all("COPY")


def test_nothing_secret_is_asked_for() -> None:
    given = [instruction.value for stage in FILE.stages for instruction in (*stage.all("ARG"), *stage.all("ENV"))]
    assert [value for value in given if re.search(r"secret|password|token|key", value, re.IGNORECASE)] == []
