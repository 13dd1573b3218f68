"""The reference of a service's HTTP API, made of its OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docsite.http_examples import requests
from docsite.http_schemas import Schema, anchor, fields, told, unnamed, without_null, words
from docsite.markdown import code, page, table

DOCUMENTS: Final = Path(__file__).parents[1] / "ui" / "openapi"

Operation = Mapping[str, Any]

_ABOUT: Final = """
Every route but `/healthz`, `/readyz`, `/metrics` and the API's own description wants an API key: `Authorization:
Bearer KEY`, or a browser's session. Errors are problem documents (RFC 9457). A running service has this page at
`/docs`, and the document that it is made of at `/openapi.json`. In the examples, `$URL` is where the service is,
`$KEY` an API key, and `request` a file with the body.
"""


def services() -> list[str]:
    """Name the services that have an API."""
    return sorted(path.stem for path in DOCUMENTS.glob("*.json"))


def reference(service: str) -> str:
    """Return the page of one service."""
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    parts = [f"# HTTP API of {service}", document["info"].get("description", ""), _ABOUT]
    schemas = document["components"]["schemas"]
    for tag, operations in _by_tag(document["paths"]).items():
        parts.append(f"## {tag[:1].upper()}{tag[1:]}")
        for method, path, operation in operations:
            parts += _operation(method, path, operation, schemas)
    parts.append("## Schemas")
    for name, schema in sorted(schemas.items()):
        parts += [f"### {name} {{ #{anchor(name)} }}", schema.get("description", ""), fields(schema) or _alone(schema)]
    return page(*parts)


def _by_tag(paths: Mapping[str, Mapping[str, Operation]]) -> Mapping[str, list[tuple[str, str, Operation]]]:
    found: dict[str, list[tuple[str, str, Operation]]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            found.setdefault(tag, []).append((method.upper(), path, operation))
    return found


def _operation(method: str, path: str, operation: Operation, schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield f"### {code(f'{method} {path}')} {{ #{operation['operationId'].replace('_', '-')} }}"
    yield operation.get("description") or operation.get("summary", "")
    yield table(
        ("Parameter", "In", "Value", "What it is"),
        (
            (
                code(each["name"]),
                each["in"] + ("" if each.get("required") else ", optional"),
                words(without_null(each["schema"])),
                told({**each["schema"], "description": each["description"]}),
            )
            for each in operation.get("parameters", ())
        ),
    )
    yield from _body(operation.get("requestBody", {}).get("content", {}))
    yield from requests(method, path, operation, schemas)
    yield table(
        ("Answer", "Body", "When"),
        (
            (status, _answer(response), response["description"])
            for status, response in operation["responses"].items()
            if not status.endswith("XX")  # what the gateway hands on, whatever it is
        ),
    )


def _body(content: Mapping[str, Any]) -> Iterator[str]:
    if content:
        kinds = (f"{code(kind)}: {words(each.get('schema', {}))}" for kind, each in content.items())
        yield "Body: " + "; ".join(kinds)
    schemas = {json.dumps(each.get("schema", {}), sort_keys=True): each.get("schema", {}) for each in content.values()}
    tables = dict.fromkeys(fields(each) for schema in schemas.values() for each in unnamed(schema))
    yield from tables


def _answer(response: Mapping[str, Any]) -> str:
    return " or ".join(dict.fromkeys(words(each.get("schema", {})) for each in response.get("content", {}).values()))


def _alone(schema: Mapping[str, Any]) -> str:
    return words(schema).capitalize() + "."
