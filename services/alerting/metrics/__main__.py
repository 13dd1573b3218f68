"""The service ``metrics``: its settings, its application."""

from alerting.metrics.app import make_app
from alerting.metrics.settings import MetricsSettings
from alerting.runtime.config import load
from alerting.runtime.web import run_web


def main() -> None:
    """Run the service."""
    settings = load(MetricsSettings)
    run_web(settings, "metrics", lambda web: make_app(web, settings))


if __name__ == "__main__":
    main()
