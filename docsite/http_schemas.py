"""What a JSON schema of an OpenAPI document allows, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from docsite.markdown import NOTHING, code, table

Schema = Mapping[str, Any]

_LENGTHS: Final = (("minLength", "maxLength", "characters"), ("minItems", "maxItems", "items"))
_BOUNDS: Final = (
    ("minimum", "≥ {:g}"),
    ("exclusiveMinimum", "> {:g}"),
    ("maximum", "≤ {:g}"),
    ("exclusiveMaximum", "< {:g}"),
    ("maxProperties", "at most {}"),
    ("pattern", "`{}`"),
)
REFERENCE: Final = "#/components/schemas/"
"""What a link to a named schema begins with."""


def anchor(name: str) -> str:
    """Return the place of a named schema on its page."""
    return f"schema-{name.lower()}"


def words(schema: Schema) -> str:
    """Return what a value has to be, with links to schemas that have a name."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
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
    bounds = [*_lengths(schema), *(text.format(schema[name]) for name, text in _BOUNDS if name in schema)]
    if kind == "array":
        return ", ".join([named, *bounds])
    return f"{named} ({', '.join(bounds)})" if bounds else named


def _lengths(schema: Schema) -> Iterator[str]:
    for least, most, what in _LENGTHS:
        match schema.get(least), schema.get(most):
            case None, None:
                pass
            case None, bound:
                yield f"at most {bound:,} {what}"
            case bound, None:
                yield f"at least {bound:,} {what}"
            case low, high:
                yield f"{low:,} to {high:,} {what}"


def fields(schema: Schema) -> str:
    """Return a table of an object's fields, those first that have to be there; or nothing when it has none."""
    required = schema.get("required", ())
    properties = sorted(schema.get("properties", {}).items(), key=lambda field: field[0] not in required)
    return table(
        ("Field", "", "Value", "What it is"),
        ((code(name), "" if name in required else "optional", words(each), told(each)) for name, each in properties),
    )


def told(schema: Schema) -> str:
    """Return a schema's description, with its default, unless that is nothing."""
    default = schema.get("default")
    parts = [schema.get("description", "")]
    if default not in (None, [], {}):
        parts.append(f"Default: {code(default if isinstance(default, str) else json.dumps(default))}.")
    return " ".join(part for part in parts if part) or NOTHING


def without_null(schema: Schema) -> Schema:
    """Return what a parameter can be: one that is left out is null, and none can be sent as null."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**schema, "anyOf": choices} if choices else schema


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
