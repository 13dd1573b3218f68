"""Kafka's jars and Java: fetched once, whole or not at all, and what is missing is said."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from alerting.local.java import find_java
from alerting.local.kafka_jars import directory, kafka_jars
from alerting.local.server import ServerError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it yet."""
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return directory


def put_program(programs: Path, name: str, text: str) -> None:
    (programs / name).write_text(f"#!/bin/sh\n{text}\n")
    (programs / name).chmod(0o755)


class Maven:
    """Stands in for Maven's run: makes one jar, slowly."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, command: Sequence[str]) -> None:
        self.runs += 1
        target = Path(command[-1].removeprefix("-DoutputDirectory="))
        target.mkdir()
        time.sleep(0.1)
        (target / "kafka.jar").touch()


def test_fetches_once(programs: Path, cache: Path) -> None:
    put_program(programs, "mvn", "")
    maven = Maven()
    assert kafka_jars(maven) == kafka_jars(maven) == directory()
    assert maven.runs == 1
    assert sorted(path.suffix for path in (cache / "alerting").iterdir()) == ["", ".lock"]


def test_fetches_once_for_two_at_a_time(programs: Path) -> None:
    put_program(programs, "mvn", "")
    maven = Maven()
    seen: list[list[str]] = []

    def fetch() -> None:
        seen.append([jar.name for jar in kafka_jars(maven).iterdir()])

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["kafka.jar"]] * 4
    assert maven.runs == 1


def test_leaves_nothing_when_fetching_fails(programs: Path, cache: Path) -> None:
    put_program(programs, "mvn", "")

    def fail(command: Sequence[str]) -> None:
        Maven()(command)
        raise ServerError("kafka: mvn failed")

    with pytest.raises(ServerError, match="mvn failed"):
        kafka_jars(fail)
    assert [path.suffix for path in (cache / "alerting").iterdir()] == [".lock"]


def test_says_that_maven_is_missing(programs: Path) -> None:
    with pytest.raises(ServerError, match=r"needs Maven, for once, .* there is no mvn on PATH"):
        kafka_jars(Maven())


def test_says_that_java_is_missing(programs: Path) -> None:
    with pytest.raises(ServerError, match=r"needs Java 17 or newer: there is no java on PATH"):
        find_java()


@pytest.mark.parametrize("version", ["1.8.0_442", "11.0.26"])
def test_says_that_java_is_too_old(programs: Path, version: str) -> None:
    put_program(programs, "java", f"echo 'openjdk version \"{version}\" 2025-01-21' >&2")
    with pytest.raises(ServerError, match=rf'needs Java 17 or newer: .*/java is openjdk version "{version}"'):
        find_java()


def test_says_that_java_does_not_run(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(programs / "gone"))
    with pytest.raises(ServerError, match=r"/gone/bin/java does not run"):
        find_java()


@pytest.mark.parametrize("version", ["17.0.15", "21", "25.0.1"])
def test_takes_java_17_and_newer(programs: Path, version: str) -> None:
    put_program(programs, "java", f"echo 'openjdk version \"{version}\"' >&2")
    assert find_java() == str(programs / "java")
