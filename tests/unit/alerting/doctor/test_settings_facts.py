"""What is set: what of it nobody reads, and what of it cannot be read."""

import os
import re
from pathlib import Path

import pytest

import alerting
from alerting.doctor.facts import Fault, Unread
from alerting.doctor.known_settings import known_variables
from alerting.doctor.settings_facts import DoctorSettings, faults, insecure_endpoints, readable_settings, unread

SECRET = "s3cr3t-w0rd"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ALERTING_")]:
        monkeypatch.delenv(name)


def test_usually_nothing_is_wrong() -> None:
    assert faults() == []
    assert unread(os.environ) == []
    assert isinstance(readable_settings([]), DoctorSettings)


def test_every_variable_that_the_code_names_is_known() -> None:
    sources = Path(alerting.__file__).parent.rglob("*.py")
    named = {name for file in sources for name in re.findall(r"\bALERTING_[A-Z_]*[A-Z]\b", file.read_text())}
    prefixes = {name for name in named if any(known.startswith(f"{name}_") for known in known_variables())}
    assert named - prefixes <= known_variables() | {"ALERTING_TEST_KAFKA"}


def test_strangers_are_named_with_what_they_may_mean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "alerting_postgress_dsn").write_text("x")
    (tmp_path / "alerting_smtp_password").write_text("x")
    (tmp_path / "others").write_text("x")
    env = {
        "ALERTING_SECRETS_DIR": str(tmp_path),
        "ALERTING_REDIS_ULR": "x",
        "ALERTING_ZZZ": "x",
        "ALERTING_KAFKA_PREFIX": "p.",
        "ALLOW_CATCH_ALL_RULES": "true",
        "HOME": "/",
    }
    assert unread(env) == [
        Unread("ALERTING_REDIS_ULR", "ALERTING_REDIS_URL"),
        Unread("ALERTING_ZZZ", None),
        Unread("alerting_postgress_dsn", "ALERTING_POSTGRES_DSN"),
    ]


def test_a_secrets_directory_that_is_not_there_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALERTING_SECRETS_DIR", str(tmp_path / "none"))
    (fault,) = faults()
    assert fault.variable == "ALERTING_SECRETS_DIR"
    assert unread(os.environ) == []


WRONG = {
    "ALERTING_POSTGRES_DSN": f"postgresql:/u:{SECRET}@h/db",
    "ALERTING_KAFKA_PROPERTIES": SECRET,
    "ALERTING_RETRY_DELAYS": "[-1]",
    "ALERTING_RELAY_TIMEOUT": "soon",
}


def test_faults_of_all_services_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
        assert [fault.variable for fault in faults()] == [name]
        assert SECRET not in faults()[0].why
        monkeypatch.delenv(name)


def test_what_is_right_is_read_beside_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALERTING_KAFKA_PREFIX", "p.")
    settings = readable_settings([Fault(name, "") for name in WRONG])
    assert settings is not None
    assert settings.kafka_prefix == "p."
    assert os.environ["ALERTING_RETRY_DELAYS"] == "[-1]"


def test_endpoints_without_tls_are_known_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not insecure_endpoints()
    monkeypatch.setenv("ALERTING_ALLOW_INSECURE_ENDPOINTS", "true")
    assert insecure_endpoints()
