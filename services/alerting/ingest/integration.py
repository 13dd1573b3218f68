"""An integration: a named sender of labelled alerts, and how its labels become our fields."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import ConfigDict, Field, StringConstraints

from alerting.events.v1 import Severity
from alerting.ingest.alert import SEVERITIES
from alerting.runtime.described import Described

DEFAULT: Final = "default"
"""The integration of paths that name none; its settings are those of every integration that has none."""

NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"

SeverityWord = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]
Label = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, to_lower=True)]
IntegrationName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]

WORDS: Final[Mapping[SeverityWord, str]] = {
    "CRITICAL": "critical fatal emergency page disaster p1 s1 sev1",
    "HIGH": "error high major alert p2 s2",
    "MEDIUM": "warning warn medium minor average p3 s3",
    "LOW": "info information notice low debug none ok p4 p5",
}


class IntegrationSettings(Described):
    """What a deployment may set about an integration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_labels: tuple[Label, ...] = ("source", "service", "job", "namespace", "cluster")
    """The labels that the source is read from: the first that an alert has."""
    default_source: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    """The source of alerts that have none of these labels; the integration's name when it is null."""
    name_label: Label = "alertname"
    """The label that the name is read from."""
    severity_labels: tuple[Label, ...] = ("severity", "priority", "level")
    """The labels that the severity is read from: the first that an alert has."""
    severity_map: dict[Word, SeverityWord] = Field(
        {}, description="What a severity's words mean: more of them, or other meanings of the usual ones."
    )
    default_severity: SeverityWord = "MEDIUM"
    """The severity of alerts that have none of these labels, or an unknown word in it."""
    drop_labels: tuple[Label, ...] = ("replica", "prometheus_replica")
    """The labels that do not tell alerts apart: those of copies of one Prometheus."""


class Fields(NamedTuple):
    """What an integration read from an alert's labels."""

    severity: Severity
    source: str
    source_label: str
    """Where the source was found; "source" when it is the default."""
    name: str | None
    context: dict[str, str]
    """The labels that are not among the other fields, and a severity that nobody knows."""


class Integration:
    """An integration with everything worked out that does not depend on an alert."""

    def __init__(self, name: str, settings: IntegrationSettings) -> None:
        self.name = name
        self.settings = settings
        self.default_source = settings.default_source or name
        self.default_severity = SEVERITIES[settings.default_severity]
        usual: dict[str, SeverityWord] = {word: severity for severity, words in WORDS.items() for word in words.split()}
        self.words: Mapping[str, SeverityWord] = usual | settings.severity_map
        self._severities = {word: SEVERITIES[severity] for word, severity in self.words.items()}

    def severity(self, word: str) -> Severity | None:
        """Return what a sender's word means, or None when it is unknown."""
        return self._severities.get(word.lower())

    def read(self, labels: Mapping[str, str]) -> Fields:
        """Read our fields from labels, none of which is empty."""
        context = dict(labels)
        name = context.pop(self.settings.name_label, None)
        source, source_label = self.default_source, "source"
        for label in self.settings.source_labels:
            if label in context:
                source, source_label = context.pop(label), label
                break
        severity = self.default_severity
        for label in self.settings.severity_labels:
            word = labels.get(label)
            if word is not None:
                known = self.severity(word)
                if known is not None:
                    severity = known
                    context.pop(label, None)
                break
        return Fields(severity, source, source_label, name, context)


class Integrations:
    """All integrations: any name is one, whether the deployment set something about it or not."""

    _MOST_KEPT: Final = 1_000

    def __init__(self, settings: Mapping[str, IntegrationSettings]) -> None:
        self._settings = settings
        self.configured: Sequence[str] = [name for name in settings if name != DEFAULT]
        """The names of those that the deployment set something about."""
        self._kept: dict[str, Integration] = {}

    def get(self, name: str) -> Integration:
        """Return an integration by its name."""
        kept = self._kept.get(name)
        if kept is None:
            settings = self._settings.get(name) or self._settings.get(DEFAULT) or IntegrationSettings()
            kept = Integration(name, settings)
            if len(self._kept) < self._MOST_KEPT:
                self._kept[name] = kept
        return kept
