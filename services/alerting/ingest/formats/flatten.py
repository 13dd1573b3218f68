"""Values of any JSON type as a context's strings."""

from collections.abc import Iterator, Mapping

import orjson

from alerting.ingest.faults import Rejected, shown


def flattened(values: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return values as strings: what is nested, as JSON; null is left out."""
    return dict(_flattened(values, prefix))


def _flattened(values: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if value is None:
            continue
        content = value if isinstance(value, str) else _json(value, f"{prefix}{shown(name)}")
        # JSON writes NUL as an escape, so only text of the first level can contain it.
        if "\0" in name or "\0" in content:
            raise Rejected(f"{prefix}{shown(name)}", "must not contain NUL")
        yield f"{prefix}{name}", content


def _json(value: object, field: str) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # It reads deeper nesting than it writes.
        raise Rejected(field, "is nested too deep") from None
