"""The reference of the HTTP APIs has every route, and its links lead to what is there."""

import json
import re

import pytest

from docsite.http_api import DOCUMENTS, reference, services
from docsite.http_examples import requests
from docsite.http_schemas import fields, told, without_null, words


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
        ({"type": "string", "maxLength": 255}, "string (at most 255 characters)"),
        ({"type": "string", "minLength": 1, "maxLength": 2048}, "string (1 to 2,048 characters)"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, "list of string, at least 1 items"),
        (
            {"anyOf": [{"type": "integer", "minimum": 1.0, "exclusiveMaximum": 9}, {"type": "null"}]},
            "integer (≥ 1, < 9) or null",
        ),
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


def test_a_parameter_is_not_null() -> None:
    parameter = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 5}
    assert words(without_null(parameter)) == "integer"
    assert words(without_null({"type": "string"})) == "string"
    assert all(" or null" not in line for line in reference("rule-service").splitlines() if "query, optional" in line)


def test_what_is_told_ends_with_the_default() -> None:
    assert told({"description": "So many.", "default": 5}) == "So many. Default: `5`."
    assert told({"description": "The order.", "default": "id"}) == "The order. Default: `id`."
    nothings: list[object] = [None, [], {}]
    for nothing in nothings:
        assert told({"description": "So many.", "default": nothing}) == "So many."
    assert told({"description": "Whether.", "default": False}) == "Whether. Default: `false`."
    assert told({}) == "–"


def test_the_fields_that_have_to_be_there_come_first() -> None:
    schema = {"properties": {"a": {}, "b": {}, "c": {}}, "required": ["b", "c"]}
    assert re.findall("`([abc])`", fields(schema)) == ["b", "c", "a"]


@pytest.mark.parametrize("service", services())
def test_every_body_is_shown_with_the_command_that_sends_it(service: str) -> None:
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    page = reference(service)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown = [*requests(method.upper(), path, operation, document["components"]["schemas"])]
            assert bool(shown) == ("requestBody" in operation), path
            assert "\n\n".join(shown) in page


def test_a_command_says_what_the_request_needs() -> None:
    operation = {
        "security": [{"HTTPBearer": []}],
        "parameters": [{"name": "If-Match", "in": "header", "schema": {"examples": ['"3"']}}],
        "requestBody": {"content": {"application/json": {"schema": {"anyOf": [
            {"$ref": "#/components/schemas/Rule"}, {"type": "null"}
        ]}}}},
    }  # fmt: skip
    schemas = {"Rule": {"examples": [{"enabled": False}, {"name": "*"}]}}
    assert [*requests("PATCH", "/rules/{rule_id}", operation, schemas)] == [
        "For example, as `application/json`:",
        '```json\n{\n  "enabled": false\n}\n```',
        '```json\n{\n  "name": "*"\n}\n```',
        (
            '```sh\ncurl -sS --fail-with-body -X PATCH "$URL/rules/RULE_ID" \\\n'
            "    -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' \\\n"
            "    -H 'If-Match: \"3\"' --data-binary @request\n```"
        ),
    ]
