"""The service ``rule-service``: its settings, its producer, its application."""

from alerting.rule_service.app import make_app
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import load
from alerting.runtime.web import run_web


def main() -> None:
    """Run the service."""
    settings = load(RuleServiceSettings)
    run_web(settings, "rule-service", lambda web: make_app(web, settings))


if __name__ == "__main__":
    main()
