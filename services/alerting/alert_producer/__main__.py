"""The service ``alert-producer``: its settings, its application."""

from alerting.alert_producer.app import make_app
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.runtime.config import load
from alerting.runtime.web import run_web


def main() -> None:
    """Run the service."""
    settings = load(AlertProducerSettings)
    run_web(settings, "alert-producer", lambda web: make_app(web, settings))


if __name__ == "__main__":
    main()
