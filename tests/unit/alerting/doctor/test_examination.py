"""One that does not answer, or raises, hides no other."""

import threading
from pathlib import Path

import pytest

from alerting.doctor import examination, kafka_facts, mail_facts, postgres_facts, ready_facts, redis_facts
from alerting.doctor.answer import Unknown
from alerting.doctor.facts import MailServer, PostgresFacts, RedisFacts, RedisServer
from alerting.runtime.config import Settings
from fix_doctor import found

MAIL = MailServer("mail:25", starttls=False, trusted=True, login=False)
REDIS = RedisServer("Redis 7.4.2", primary=True, loading=False, in_slots=False)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """PostgreSQL says nothing, Kafka raises, and the others answer; the event ends the silence."""
    release = threading.Event()

    def silent(_settings: Settings, facts: PostgresFacts) -> None:
        facts.oldest_days = 3.0
        release.wait()

    def answering(_settings: Settings, facts: RedisFacts) -> None:
        facts.server = REDIS

    def raising(*_: object) -> None:
        raise RuntimeError("a fault\nof two lines")

    monkeypatch.setattr(postgres_facts, "look", silent)
    monkeypatch.setattr(redis_facts, "look", answering)
    monkeypatch.setattr(kafka_facts, "look", raising)
    monkeypatch.setattr(mail_facts, "look", lambda _: MAIL)
    monkeypatch.setattr(ready_facts, "look", lambda url: None if url == "http://a" else "answers 503")
    return release


def test_everybody_is_heard_but_who_is_silent(hanging: threading.Event, tmp_path: Path) -> None:
    facts = examination.examine(urls=["http://a", "http://b"], data_dir=tmp_path, seconds=0.3)
    hanging.set()
    assert facts.postgres.server == Unknown("no answer in time")
    assert facts.postgres.oldest_days == 3.0
    assert facts.redis.server == REDIS
    assert facts.mail == MAIL
    assert facts.ready == {"http://a": None, "http://b": "answers 503"}
    assert not isinstance(facts.disk, Unknown)


def test_a_fault_is_one_line_and_the_rest_is_skipped(hanging: threading.Event) -> None:
    hanging.set()
    facts = examination.examine(seconds=20)
    assert facts.kafka.brokers == Unknown("a fault of two lines")
    assert found(facts, "kafka.reachable").status == "fail"
    assert found(facts, "kafka.lag").status == "skipped"
    assert found(facts, "kafka.lag").found == "the broker does not let us in"


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("ALERTING_REDIS_URL", "nonsense", "redis.reachable"),
        ("ALERTING_KAFKA_SECURITY_PROTOCOL", "sasl_ssl", "kafka.reachable"),
        ("ALERTING_POSTGRES_DSN", "postgresql:/h", "postgres.reachable"),
        ("ALERTING_SMTP_PORT", "none", "mail.server"),
    ],
)
def test_nobody_is_asked_at_an_address_that_was_not_meant(
    variable: str, value: str, check: str, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging.set()
    monkeypatch.setenv(variable, value)
    facts = examination.examine(seconds=20)
    assert found(facts, "settings.values").status == "fail"
    assert found(facts, check).found == f"{variable} cannot be read"


def test_settings_that_cannot_be_read_at_all_end_nothing(
    hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTING_SECRETS_DIR", "/dev/null/none")
    monkeypatch.setattr(examination, "readable_settings", lambda _: None)
    facts = examination.examine(urls=["http://a"], seconds=20)
    assert found(facts, "postgres.reachable").found == "the settings cannot be read"
    assert facts.ready == {"http://a": None}
