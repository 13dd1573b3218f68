"""Addresses as lists show them: enough to recognise one, and nothing that whoever sees it could use."""

from typing import Final
from urllib.parse import urlsplit

_TAIL: Final = 4
_LEAST_HIDDEN: Final = 16
"""Of what is as short as this, an end would tell too much."""


def shown_address(kind: str, value: str) -> str:
    """Return an e-mail address as it is, and of a URL its scheme, its host, and the end of a path that is long.

    What follows the scheme of an Apprise URL is a token, and no host.
    """
    if kind == "email":
        return value
    scheme, _, rest = value.partition("://")
    if kind == "apprise":
        return f"{scheme}://{_hidden(rest)}"
    host = urlsplit(value).netloc.rpartition("@")[2]
    path = rest.partition(host)[2]
    return f"{scheme}://{host}" + (path if path in {"", "/"} else f"/{_hidden(path)}")


def _hidden(secret: str) -> str:
    return "…" + (secret[-_TAIL:] if len(secret) > _LEAST_HIDDEN else "")
