import pytest
from pydantic import ValidationError

from alerting.events.v1 import Severity
from alerting.ingest.integration import WORDS, Integration, Integrations, IntegrationSettings

USUAL = Integration("prom", IntegrationSettings())


@pytest.mark.parametrize(
    ("severity", "word"), [(name, word) for name, words in WORDS.items() for word in words.split()]
)
def test_severity_words(severity: str, word: str) -> None:
    for written in (word, word.upper(), word.capitalize()):
        assert USUAL.severity(written) == Severity.Value(severity)


def test_labels_become_fields() -> None:
    fields = USUAL.read({"alertname": "Disk", "job": "node", "severity": "page", "instance": "a:9100"})
    assert (fields.severity, fields.source, fields.name) == (Severity.CRITICAL, "node", "Disk")
    assert fields.context == {"instance": "a:9100"}


def test_the_first_source_label_counts_and_the_others_stay() -> None:
    labels = {"cluster": "c", "namespace": "n", "job": "j", "service": "s", "source": "o"}
    for label in ("source", "service", "job", "namespace", "cluster"):
        fields = USUAL.read(labels)
        assert (fields.source, fields.source_label) == (labels[label], label)
        assert fields.context == {name: value for name, value in labels.items() if name != label}
        del labels[label]
    assert USUAL.read(labels).source == "prom"


def test_the_first_severity_label_counts() -> None:
    fields = USUAL.read({"level": "info", "priority": "P1"})
    assert fields.severity == Severity.CRITICAL
    assert fields.context == {"level": "info"}


def test_an_unknown_severity_is_kept() -> None:
    fields = USUAL.read({"severity": "Blocker", "priority": "p1"})
    assert fields.severity == Severity.MEDIUM
    assert fields.context == {"severity": "Blocker", "priority": "p1"}


def test_a_missing_name() -> None:
    assert USUAL.read({"job": "node"}).name is None


def test_own_settings() -> None:
    own = Integration(
        "own",
        IntegrationSettings(
            source_labels=("team",),
            default_source="nobody",
            name_label="check",
            severity_labels=("urgency",),
            severity_map={"Blocker": "CRITICAL", "critical": "HIGH"},
            default_severity="LOW",
        ),
    )
    fields = own.read({"team": "db", "check": "lag", "urgency": "BLOCKER", "job": "x", "severity": "info"})
    assert (fields.severity, fields.source, fields.name) == (Severity.CRITICAL, "db", "lag")
    assert own.read({"urgency": "critical"}).severity == Severity.HIGH
    assert own.read({"urgency": "warning"}).severity == Severity.MEDIUM
    assert (own.read({"check": "lag"}).severity, own.read({"check": "lag"}).source) == (Severity.LOW, "nobody")


def test_which_settings_an_integration_has() -> None:
    settings = {
        "default": IntegrationSettings(default_severity="LOW"),
        "prom": IntegrationSettings(default_severity="HIGH"),
    }
    integrations = Integrations(settings)
    assert integrations.get("prom").default_severity == Severity.HIGH
    assert integrations.get("other").default_severity == Severity.LOW
    assert integrations.get("other").name == "other"
    assert Integrations({}).get("other").default_severity == Severity.MEDIUM


def test_names_are_not_kept_without_end() -> None:
    integrations = Integrations({})
    for number in range(3_000):
        integrations.get(f"made-up-{number}")
    assert integrations.get("made-up-2999") is not integrations.get("made-up-2999")
    assert integrations.get("made-up-0") is integrations.get("made-up-0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_label": ["a"]},
        {"severity_map": {"x": "WORST"}},
        {"default_severity": "unknown"},
        {"source_labels": [""]},
        {"default_source": "x" * 256},
    ],
)
def test_wrong_settings(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IntegrationSettings.model_validate(wrong)
