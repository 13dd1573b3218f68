"""``python -m alerting.openapi DIRECTORY``: every HTTP service's OpenAPI document as a file, without any server.

The browser's client is generated from these files; `make lint` makes them again and fails when they differ.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from alerting.alert_producer import app as alert_producer
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.ingest import app as ingest
from alerting.ingest.settings import IngestSettings
from alerting.metrics import app as metrics
from alerting.metrics.settings import MetricsSettings
from alerting.rule_service import app as rule_service
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import AnySettings, load
from alerting.runtime.web import Web

API_VERSION: Final = "1"
"""What the files say: that of the build differs with every commit, and says nothing about the API."""


def applications() -> Mapping[str, FastAPI]:
    """Make the applications and start none: whether their servers are there does not matter."""

    def given(service: str, kind: type[AnySettings]) -> tuple[Web, AnySettings]:
        settings = load(kind)
        return Web(settings, service), settings

    return {
        "alert-producer": alert_producer.make_app(*given("alert-producer", AlertProducerSettings)),
        "ingest": ingest.make_app(*given("ingest", IngestSettings)),
        "metrics": metrics.make_app(*given("metrics", MetricsSettings)),
        "rule-service": rule_service.make_app(*given("rule-service", RuleServiceSettings)),
    }


def rendered(document: Mapping[str, Any]) -> str:
    """Write a document the same way every time, whatever order its parts were made in."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(directory: Path) -> None:
    """Write all documents into a directory, which is made when it is not there."""
    directory.mkdir(parents=True, exist_ok=True)
    for service, app in applications().items():
        app.version = API_VERSION
        (directory / f"{service}.json").write_text(rendered(app.openapi()), encoding="utf-8")


def main() -> None:
    """Run the command."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m alerting.openapi DIRECTORY")
    write(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
