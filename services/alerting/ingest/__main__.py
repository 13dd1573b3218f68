"""The service ``ingest``: its settings and its application."""

from alerting.ingest.app import make_app
from alerting.ingest.settings import IngestSettings
from alerting.runtime.config import load
from alerting.runtime.web import run_web


def main() -> None:
    """Run the service."""
    settings = load(IngestSettings)
    run_web(settings, "ingest", lambda web: make_app(web, settings))


if __name__ == "__main__":
    main()
