"""Settings from a directory of files."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from alerting.runtime.config import Settings, load
from alerting.sender.settings import SenderSettings

SECRET = "s3cr3t-w0rd"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "secrets"
    made.mkdir()
    monkeypatch.setenv("ALERTING_SECRETS_DIR", str(made))
    return made


@pytest.mark.parametrize("name", ["alerting_smtp_password", "ALERTING_SMTP_PASSWORD"])
def test_a_file_is_a_setting(name: str, folder: Path) -> None:
    (folder / name).write_text(f"{SECRET}\n")
    assert load(SenderSettings).smtp_password.get_secret_value() == SECRET


def test_passwords_get_where_they_belong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTING_POSTGRES_DSN", "host=db user=u")
    monkeypatch.setenv("ALERTING_REDIS_URL", "redis://cache/0")
    (folder / "alerting_postgres_password").write_text(SECRET)
    (folder / "alerting_redis_password").write_text(SECRET)
    settings = load(Settings)
    assert conninfo_to_dict(settings.postgres_dsn.get_secret_value()) == {"host": "db", "user": "u", "password": SECRET}
    assert settings.redis_url.get_secret_value() == f"redis://:{SECRET}@cache/0"
    assert SECRET not in repr(settings)


def test_a_password_goes_with_the_usual_address_too(folder: Path) -> None:
    (folder / "alerting_postgres_password").write_text(SECRET)
    assert SECRET in load(Settings).postgres_dsn.get_secret_value()


def test_json_is_read_from_a_file_too(folder: Path) -> None:
    (folder / "alerting_kafka_properties").write_text('{"ssl.key.password": "x"}')
    assert load(Settings).kafka_properties == {"ssl.key.password": "x"}


def test_the_environment_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "alerting_kafka_prefix").write_text("file.")
    monkeypatch.setenv("ALERTING_KAFKA_PREFIX", "environment.")
    assert load(Settings).kafka_prefix == "environment."


def test_files_that_are_linked_within_the_directory_are_read(folder: Path) -> None:
    """As Kubernetes mounts them."""
    (folder / "..data").mkdir()
    (folder / "..data" / "alerting_kafka_prefix").write_text("linked.")
    (folder / "alerting_kafka_prefix").symlink_to("..data/alerting_kafka_prefix")
    assert load(Settings).kafka_prefix == "linked."


def stops(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        load(Settings)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_a_wrong_secret_is_named_and_not_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "alerting_postgres_dsn").write_text(f"postgresql:/u:{SECRET}@h/db")
    said = stops(capsys)
    assert "ALERTING_POSTGRES_DSN" in said
    assert SECRET not in said


def test_a_directory_that_is_not_there_stops_the_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALERTING_SECRETS_DIR", str(folder / "none"))
    assert "ALERTING_SECRETS_DIR" in stops(capsys)


def test_a_link_that_leads_elsewhere_stops_the_process(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").write_text(SECRET)
    (folder / "alerting_kafka_prefix").symlink_to(tmp_path / "elsewhere")
    said = stops(capsys)
    assert "ALERTING_SECRETS_DIR" in said
    assert "kafka_prefix" in said
    assert SECRET not in said


def test_a_file_that_is_no_text_stops_the_process(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "alerting_kafka_prefix").write_bytes(b"\xff\xfe")
    said = stops(capsys)
    assert "ALERTING_SECRETS_DIR" in said
    assert "kafka_prefix" in said
