"""The browser's one address: what rule-service hands on is what the services have, and none of it is its own."""

import re
from typing import Final

import pytest

from alerting.openapi import applications
from alerting.rule_service.gateway import service_of
from alerting.rule_service.ui_files import RESERVED, belongs_to_ui

HANDED_ON: Final = {
    "metrics": re.compile(r"/api/v1/metrics/"),
    "alert-producer": re.compile(r"/api/v1/(jobs|catalog)"),
    "ingest": re.compile(r"/api/v1/(rejects|integrations|preview)\b"),
}
PATHS: Final = {name: sorted(app.openapi()["paths"]) for name, app in applications().items()}


def example(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "0199a", path)


@pytest.mark.parametrize("service", sorted(HANDED_ON))
def test_what_the_ui_needs_of_a_service_is_handed_on_and_nothing_else(service: str) -> None:
    wanted = {path for path in PATHS[service] if HANDED_ON[service].match(path)}
    assert wanted
    assert {path for path in PATHS[service] if service_of(example(path)) is not None} == wanted
    assert {service_of(example(path)) for path in wanted} == {service}


def test_what_is_rule_services_own_is_not_handed_on() -> None:
    assert [path for path in PATHS["rule-service"] if service_of(example(path)) is not None] == []


def test_no_route_is_hidden_by_the_ui() -> None:
    app = applications()["rule-service"]
    plain = [path for route in app.routes if (path := getattr(route, "path", None)) is not None]
    paths = [*plain, *PATHS["rule-service"]]
    assert len(paths) > len(RESERVED)
    assert [path for path in paths if belongs_to_ui(example(path))] == []
