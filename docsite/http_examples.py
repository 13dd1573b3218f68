"""Requests to copy, made of the examples that an OpenAPI document has."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from docsite.http_schemas import REFERENCE, Schema
from docsite.markdown import code, fence

_ANY: Final = "*/*"


def requests(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[str]:
    """Yield, of each kind of body that an operation takes, its examples, and the command that sends the first."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        bodies = [*_bodies(content, schemas)]
        if bodies:
            yield f"For example, as {code(media_type)}:" if media_type != _ANY else "For example:"
            yield from (_shown(body) for body in bodies)
        if bodies and media_type != _ANY:
            yield fence("sh", _command(method, path, media_type, operation))


def _bodies(content: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Sequence[Any]:
    return [content["example"]] if "example" in content else [*_of_schema(content.get("schema", {}), schemas)]


def _of_schema(schema: Schema, schemas: Mapping[str, Schema]) -> Iterator[Any]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(REFERENCE)]
    yield from schema.get("examples", ())
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _of_schema(each, schemas)


def _shown(body: object) -> str:
    return fence("json", body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False))


def _command(method: str, path: str, media_type: str, operation: Mapping[str, Any]) -> str:
    named = re.sub(r"\{(\w+)\}", lambda place: place[1].upper(), path)
    key = ['-H "Authorization: Bearer $KEY"'] if operation.get("security") else []
    more = [f"-H '{name}: {value}'" for name, value in _headers(operation)]
    lines = [
        ["curl -sS --fail-with-body", *([] if method == "POST" else [f"-X {method}"]), f'"$URL{named}"'],
        [*key, f"-H 'Content-Type: {media_type}'"],
        [*more, "--data-binary @request"],
    ]
    return " \\\n    ".join(" ".join(line) for line in lines)


def _headers(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in operation.get("parameters", ()):
        if each["in"] == "header":
            yield from ((each["name"], value) for value in each["schema"].get("examples", ())[:1])
