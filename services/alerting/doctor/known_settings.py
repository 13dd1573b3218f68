"""Every setting there is, and the few variables that are not settings of a service."""

from collections.abc import Mapping
from typing import Final

from pydantic import AliasChoices

from alerting.aggregator.settings import AggregatorSettings
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.evaluator.settings import EvaluatorSettings
from alerting.ingest.settings import IngestSettings
from alerting.metrics.settings import MetricsSettings
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.runtime.config import Settings
from alerting.runtime.secret_files import VARIABLE
from alerting.runtime.topic_settings import TopicSettings
from alerting.sender.settings import SenderSettings

SERVICES: Final[Mapping[str, type[Settings]]] = {
    "ingest": IngestSettings,
    "rule-service": RuleServiceSettings,
    "rule-updater": RuleUpdaterSettings,
    "evaluator": EvaluatorSettings,
    "aggregator": AggregatorSettings,
    "sender": SenderSettings,
    "metrics": MetricsSettings,
    "alert-producer": AlertProducerSettings,
    "topics": TopicSettings,
}

OTHERS: Final = frozenset({VARIABLE, "ALERTING_API_KEY", "ALERTING_URL", "ALERTING_UI_BACKEND", "ALERTING_TEST_KAFKA"})
"""What the command line, the UI's development server and the tests read."""


def variable(field: str) -> str:
    """Return the name of a setting's variable."""
    return f"ALERTING_{field.upper()}"


def known_variables() -> frozenset[str]:
    """Return every variable that something reads."""
    found = set(OTHERS)
    for kind in SERVICES.values():
        for name, field in kind.model_fields.items():
            alias = field.validation_alias
            found |= {str(each) for each in alias.choices} if isinstance(alias, AliasChoices) else {variable(name)}
    return frozenset(found)
