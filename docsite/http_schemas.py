"""What a JSON schema of an OpenAPI document allows, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from docsite.markdown import NOTHING, code, table

Schema = Mapping[str, Any]

_BOUNDS: Final = (
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("minLength", "{} characters at least"),
    ("maxLength", "{} at most"),
    ("minItems", "{} items at least"),
    ("maxItems", "{} items at most"),
    ("maxProperties", "{} at most"),
    ("pattern", "`{}`"),
)
_REFERENCE: Final = "#/components/schemas/"


def anchor(name: str) -> str:
    """Return the place of a named schema on its page."""
    return f"schema-{name.lower()}"


def words(schema: Schema) -> str:
    """Return what a value has to be, with links to schemas that have a name."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return f"[{name}](#{anchor(name)})"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(words(each) for each in schema[choice]))
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return " or ".join(code(str(each)) for each in schema["enum"])
    return _plain(schema)


def _plain(schema: Schema) -> str:
    kind = schema.get("type", "any JSON")
    if kind == "array":
        named = f"list of {words(schema.get('items', {}))}"
    elif kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        named = f"map to {words(schema['additionalProperties'])}"
    else:
        named = schema.get("format") or kind
    bounds = [text.format(schema[name]) for name, text in _BOUNDS if name in schema]
    return ", ".join([named, *bounds])


def fields(schema: Schema) -> str:
    """Return a table of an object's fields, or nothing when it has none."""
    required = schema.get("required", ())
    return table(
        ("Field", "", "Value", "What it is"),
        (
            (code(name), "" if name in required else "optional", words(each), told(each))
            for name, each in schema.get("properties", {}).items()
        ),
    )


def told(schema: Schema) -> str:
    """Return a schema's description, with its default."""
    default = schema.get("default")
    parts = [schema.get("description", "")]
    if default is not None:
        parts.append(f"default {code(json.dumps(default))}")
    return "; ".join(part for part in parts if part) or NOTHING


def unnamed(schema: Schema) -> Iterator[Schema]:
    """Yield the objects with fields that a schema spells out in its place, each set of fields once."""
    seen: list[Any] = []
    waiting = [schema]
    while waiting:
        each = waiting.pop(0)
        if each.get("properties") and each["properties"] not in seen:
            seen.append(each["properties"])
            yield each
        waiting += [*each.get("anyOf", ()), *each.get("oneOf", ())]
        if isinstance(each.get("items"), Mapping):
            waiting.append(each["items"])
