"""The reference of the HTTP APIs has every route, and its links lead to what is there."""

import json
import re

import pytest

from docsite.http_api import DOCUMENTS, reference, services
from docsite.http_schemas import words


def test_every_service_with_a_document_is_told() -> None:
    assert services() == ["alert-producer", "ingest", "metrics", "rule-service"]


@pytest.mark.parametrize("service", services())
def test_every_route_is_told(service: str) -> None:
    paths = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(re.findall(r"^### `([A-Z]+ /[^`]*)`", reference(service), re.MULTILINE)) == routes


@pytest.mark.parametrize("service", services())
def test_links_lead_to_a_heading(service: str) -> None:
    page = reference(service)
    anchors = re.findall(r"\{ #(\S+) \}$", page, re.MULTILINE)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "string", "maxLength": 255}, "string, 255 at most"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"enum": ["LOW", "HIGH"]}, "`LOW` or `HIGH`"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Fault"}}, "list of [Fault](#schema-fault)"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map to string"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({}, "any JSON"),
    ],
)
def test_schemas_in_words(schema: dict[str, object], told: str) -> None:
    assert words(schema) == told
