"""The reference of all settings, made of the classes that read them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from alerting.doctor.known_settings import SERVICES
from alerting.runtime.config import Settings
from docsite.markdown import NOTHING, code, page, table

_ABOUT: Final = """
# Settings

A process reads its settings once, at its start, from the environment; a wrong value stops it with the setting's name
and never with the value. Lists and maps are JSON.

What is secret need not be in the environment: `ALERTING_SECRETS_DIR` names a directory with a file for each such
setting, named as its variable is (`alerting_postgres_password` or `ALERTING_POSTGRES_PASSWORD`). The environment comes
first.

The commands that call the REST API read `ALERTING_URL` and `ALERTING_API_KEY`. This page is made of the classes that
read the settings.
"""

_PLAIN: Final = {str: "text", int: "integer", float: "number", bool: "true or false", SecretStr: "text, secret"}
_BOUNDS: Final = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
_HEADS: Final = ("Setting", "Value", "Default", "What it is")


def reference() -> str:
    """Return the page."""
    parts = [_ABOUT, "## Every service", table(_HEADS, _rows(Settings, {}))]
    for name, kind in SERVICES.items():
        rows = _rows(kind, Settings.model_fields)
        parts += [f"## {name}", table(_HEADS, rows)]
    return page(*parts)


def _rows(kind: type[Settings], known: Mapping[str, FieldInfo]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the settings that are not known, or have another default here."""
    for name, field in kind.model_fields.items():
        if name not in known or _default(field) != _default(known[name]):
            described = field.description or (known[name].description if name in known else "")
            yield code(f"ALERTING_{name.upper()}"), _value(field), _default(field), described or NOTHING


def _value(field: FieldInfo) -> str:
    """Return in words what may be given."""
    kind = field.annotation
    if get_origin(kind) is Literal:
        return " or ".join(code(str(word)) for word in get_args(kind))
    bounds = ", ".join(
        f"{sign}\N{NO-BREAK SPACE}{getattr(each, name):,}" for each in field.metadata for name, sign in _bounds(each)
    )
    return " ".join(word for word in (_plain(kind), bounds) if word)


def _plain(kind: Any) -> str:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if {get_origin(kind), *map(get_origin, get_args(kind))} & {dict, list, frozenset}:
        return "JSON"
    return "text"


def _bounds(constraint: object) -> Iterator[tuple[str, str]]:
    return ((name, sign) for name, sign in _BOUNDS if getattr(constraint, name, None) is not None)


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None or field.default is None:
        return NOTHING
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if isinstance(value, str):
        return code(value) if value else NOTHING
    if isinstance(value, (bool, dict, list, frozenset)):
        plain = sorted(value) if isinstance(value, frozenset) else value
        return code(json.dumps(plain, default=lambda each: each.model_dump()))
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
