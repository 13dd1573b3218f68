"""What an endpoint's value must look like. Where its address leads is checked by the sender, when it connects."""

import re
from typing import Final, Literal, assert_never
from urllib.parse import SplitResult, urlsplit

from alerting.deliveries.apprise_url import DEFAULT_SCHEMES, check_apprise_url

EndpointType = Literal["email", "slack", "webhook", "apprise"]

MOST_CHARACTERS: Final = 2_048

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def check(
    kind: EndpointType, value: str, *, insecure: bool, schemes: frozenset[str] = frozenset(DEFAULT_SCHEMES)
) -> None:
    """Return when an endpoint can have this value.

    `insecure` lets a Slack endpoint be plain http; `schemes` are the services of Apprise that may be named.

    Raises
    ------
    ValueError
        It cannot be an endpoint of this kind.
    """
    match kind:
        case "email":
            _email(value)
        case "slack":
            _url(value, schemes=("https", "http") if insecure else ("https",))
        case "webhook":
            _url(value, schemes=("https", "http"))
        case "apprise":
            check_apprise_url(value, schemes)
        case _:
            assert_never(kind)


def _email(value: str) -> None:
    # No display names, quoted names, comments or literal addresses: nothing that a mail header could be made of. A
    # domain of one label, or one that the internet does not know, may be a company's own.
    local, at, domain = value.rpartition("@")
    if not at:
        raise ValueError("an e-mail address has an @")
    if len(local) > 64 or not _LOCAL.fullmatch(local):
        raise ValueError("not an e-mail address: before the @, there are characters that cannot be there")
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise ValueError("not an e-mail address: what follows the @ is not a domain in ASCII (xn--…)")


def _url(value: str, *, schemes: tuple[str, ...]) -> None:
    # Browsers and parsers disagree about the rest; what they disagree about is how filters are passed by.
    if not value.isascii() or any(character <= " " or character in '\\"<>^`{|}\x7f' for character in value):
        raise ValueError(
            "a URL is printable ASCII without spaces, quotes, braces and backslashes: escape other characters"
        )
    try:
        parts = urlsplit(value)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("not a URL") from None
    if parts.scheme not in schemes:
        raise ValueError(f"the URL has to begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    _check_authority(parts)
    if not port_is_good:
        raise ValueError("the URL's port is not one")
    if "#" in value:
        raise ValueError("the URL may have no fragment: it would not be sent")


def _check_authority(parts: SplitResult) -> None:
    if "@" in parts.netloc:
        raise ValueError("the URL may have no user name and password")
    if not parts.hostname:
        raise ValueError("the URL has no host")
