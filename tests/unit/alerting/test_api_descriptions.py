"""The HTTP API's documents say what everything is: each parameter, field and answer, with an example of each body."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import GenericAlias
from typing import Any

import pytest
from pydantic import TypeAdapter

from alerting.openapi import applications
from alerting.rule_service.endpoint_requests import EndpointCreate, value_faults
from alerting.rule_service.rule_requests import RuleCreate, check_new
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import load
from alerting.runtime.described import Described

Schema = Mapping[str, Any]

SERVICES = ("alert-producer", "ingest", "metrics", "rule-service")


@cache
def documents() -> Mapping[str, Schema]:
    return {service: app.openapi() for service, app in applications().items()}


def operations(service: str) -> Iterator[tuple[str, Schema]]:
    for path, methods in documents()[service]["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(service: str) -> Iterator[tuple[str, Schema]]:
    """Yield what each operation takes, by media type."""
    for name, operation in operations(service):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} {media_type}", content


def fields(where: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield all fields that a schema spells out."""
    for name, field in schema.get("properties", {}).items():
        yield f"{where}: {name}", field
        yield from fields(f"{where}: {name}", field)
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from fields(where, inner)
    for container in ("items", "additionalProperties"):
        if isinstance(schema.get(container), Mapping):
            yield from fields(where, schema[container])


def examples(service: str, schema: Schema) -> Iterator[tuple[Any, Any]]:
    """Yield the examples of a body, each with what it has to be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        for example in documents()[service]["components"]["schemas"][name].get("examples", ()):
            yield models()[name], example
    for example in schema.get("examples", ()):
        item = schema["items"]["$ref"].rpartition("/")[2]
        yield GenericAlias(list, models()[item]), example
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from examples(service, inner)


@cache
def models() -> Mapping[str, Any]:
    """Return the models by their names."""
    found, waiting = {}, [*Described.__subclasses__()]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return found


def told(described: Schema) -> bool:
    """Tell whether somebody wrote down what it is."""
    description = described.get("description", "")
    return re.match(r"[A-Z`]", description) is not None and description != "Successful Response"


@pytest.mark.parametrize("service", SERVICES)
def test_every_parameter_is_described(service: str) -> None:
    parameters = [
        (f"{name}: {parameter['name']}", parameter)
        for name, operation in operations(service)
        for parameter in operation.get("parameters", ())
    ]
    assert [name for name, parameter in parameters if not told(parameter)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_is_described(service: str) -> None:
    schemas = [*documents()[service]["components"]["schemas"].items()]
    schemas += [(name, content["schema"]) for name, content in bodies(service)]
    found = [field for name, schema in schemas for field in fields(name, schema)]
    assert found
    assert [name for name, field in found if not told(field)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_schema_is_described_and_has_a_plain_name(service: str) -> None:
    schemas = documents()[service]["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not told(schema)] == []
    assert [name for name in schemas if not re.fullmatch(r"([A-Z][a-z]+)+", name)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_is_described(service: str) -> None:
    answers = [
        (f"{name}: {status}", answer)
        for name, operation in operations(service)
        for status, answer in operation["responses"].items()
    ]
    assert [name for name, answer in answers if not told(answer)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_body_has_an_example(service: str) -> None:
    without = [
        name
        for name, content in bodies(service)
        if "example" not in content and not [*examples(service, content["schema"])]
    ]
    assert without == []


@pytest.mark.parametrize("service", ["alert-producer", "rule-service"])
def test_every_example_is_valid(service: str) -> None:
    # Those of ingest, which reads its bodies itself, are posted to it by its own tests.
    for _, content in bodies(service):
        for kind, example in examples(service, content["schema"]):
            TypeAdapter(kind).validate_python(example)


def test_no_example_is_refused_for_what_it_says() -> None:
    settings = load(RuleServiceSettings)
    found = [each for _, content in bodies("rule-service") for each in examples("rule-service", content["schema"])]
    rules = [RuleCreate.model_validate(example) for kind, example in found if kind is RuleCreate]
    batches = [[RuleCreate.model_validate(rule) for rule in batch] for kind, batch in found if kind == list[RuleCreate]]
    endpoints = [EndpointCreate.model_validate(example) for kind, example in found if kind is EndpointCreate]
    assert rules
    assert batches
    assert endpoints
    for batch in (*batches, *([rule] for rule in rules)):
        check_new(batch, settings)
    assert [fault for each in endpoints for fault in value_faults(each.type, each.value, settings)] == []
