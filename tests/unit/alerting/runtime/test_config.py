"""Settings from the environment, and what is said of wrong ones."""

import os
import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from alerting.runtime.config import Settings, load

SECRET = "s3cr3t-w0rd"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTING_BATCH_SIZE", "7")
    monkeypatch.setenv("ALERTING_KAFKA_PROPERTIES", '{"sasl.username": "me"}')
    settings = load(Settings)
    assert (settings.batch_size, settings.kafka_properties) == (7, {"sasl.username": "me"})


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().batch_size = 1  # type: ignore[misc]


def test_secrets_do_not_show() -> None:
    settings = Settings(
        postgres_dsn=f"postgresql://u:{SECRET}@h/db",
        redis_url=f"redis://:{SECRET}@h/0",
        kafka_properties={"sasl.password": SECRET},
    )
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)


@pytest.mark.parametrize(
    "dsn", ["postgresql://u:p@h:5432/db?sslmode=require", "postgres://h/db", "host=h user='a b' password='x y'", ""]
)
def test_connection_strings_of_postgres(dsn: str) -> None:
    assert Settings(postgres_dsn=dsn).postgres_dsn.get_secret_value() == dsn


@pytest.mark.parametrize("url", ["redis://h", "rediss://u:p@h:1/0", "unix:///run/redis"])
def test_urls_of_redis(url: str) -> None:
    assert Settings(redis_url=url).redis_url.get_secret_value() == url


WRONG = [
    ("ALERTING_PORT", "70000"),
    ("ALERTING_PORT", "http"),
    ("ALERTING_BATCH_SIZE", "0"),
    ("ALERTING_LOG_LEVEL", "loud"),
    ("ALERTING_KAFKA_SESSION_TIMEOUT", "1"),
    ("ALERTING_KAFKA_QUEUE_KIB", "0"),
    ("ALERTING_PRODUCE_TIMEOUT", "inf"),
    ("ALERTING_DRAIN_TIMEOUT", "nan"),
    ("ALERTING_POSTGRES_DSN", f"postgresql:/u:{SECRET}@h/db"),
    ("ALERTING_POSTGRES_DSN", f"host=h password=a {SECRET}"),
    ("ALERTING_REDIS_URL", f"{SECRET}"),
    ("ALERTING_REDIS_URL", f"redis://:{SECRET}@h:port/0"),
    ("ALERTING_KAFKA_PROPERTIES", SECRET),
    ("ALERTING_KAFKA_PROPERTIES", f'{{"sasl.password": ["{SECRET}"]}}'),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_stops_the_process_with_its_name_and_without_itself(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        load(Settings)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert name.removeprefix("ALERTING_") in said.upper()
    assert SECRET not in said


def test_a_process_says_the_same() -> None:
    environment: dict[str, Any] = {**os.environ, "ALERTING_POSTGRES_DSN": SECRET, "ALERTING_PORT": "x"}
    done = subprocess.run(
        [sys.executable, "-m", "alerting.metrics"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "ALERTING_POSTGRES_DSN" in done.stderr
    assert "ALERTING_PORT" in done.stderr
    assert SECRET not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
