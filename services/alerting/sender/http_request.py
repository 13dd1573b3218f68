"""A request's bytes. What is the same in every request to a URL is made once."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from yarl import URL

from alerting import __version__
from alerting.sender.delivery import DeliveryError

_FIRST_LINES: Final = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\n"
    f"User-Agent: alerting/{__version__}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
)


class Origin(NamedTuple):
    """Where a connection leads: requests to the same origin may share it."""

    tls: bool
    host: str
    port: int


class Target(NamedTuple):
    """What a URL says."""

    origin: Origin
    first_lines: bytes


@lru_cache(maxsize=10_000)
def target_of(url: str) -> Target:
    """Return what requests to a URL begin with, and where they go.

    Raises
    ------
    DeliveryError
        It is not one of http or https.
    """
    try:
        return _target(URL(url))
    except ValueError as error:
        raise DeliveryError("the address is not a URL of http or https", permanent=True) from error


def _target(url: URL) -> Target:
    host, port, shown = url.raw_host, url.port, url.host_port_subcomponent
    if url.scheme not in {"http", "https"} or not host or not port or not shown or not shown.isprintable():
        raise ValueError("no URL of http or https")
    # The path is encoded by yarl: whatever the URL has in it, no character in it ends a line any more.
    lines = _FIRST_LINES.format(path=url.raw_path_qs, host=shown)
    if url.user or url.password:
        credentials = b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()
        lines += f"Authorization: Basic {credentials}\r\n"
    return Target(Origin(url.scheme == "https", host, port), lines.encode("ascii"))


def request_bytes(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return a request as it is sent.

    Raises
    ------
    ValueError
        A header's value has a character that would end it.
    """
    if not all(map(str.isprintable, headers.values())):
        raise ValueError("a header's value is not printable")
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return b"%s%sContent-Length: %d\r\n\r\n%s" % (target.first_lines, lines.encode(), len(body), body)
