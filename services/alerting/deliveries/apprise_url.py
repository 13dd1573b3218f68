"""Which of Apprise's services a tenant may name."""

import re
from typing import Final

DEFAULT_SCHEMES: Final = (
    "discord",
    "gchat",
    "ifttt",
    "ilert",
    "incidentio",
    "opsgenie",
    "pagerduty",
    "pbul",
    "pover",
    "prowl",
    "pushy",
    "signl4",
    "simplepush",
    "squadcast",
    "tgram",
    "threema",
    "twilio",
    "vonage",
    "webex",
)
"""Services with hosts of their own. Apprise opens its connections itself, past our check of addresses, so whatever
connects to a host that its URL names (json://, mailto://, gotify://, …) could reach inside the network."""

_URL: Final = re.compile(r"([a-z][a-z0-9+-]*)://[\x21-\x7e]+")


def check_apprise_url(value: str, schemes: frozenset[str]) -> None:
    """Return when it is a URL of an allowed service.

    Raises
    ------
    ValueError
        It is not.
    """
    found = _URL.fullmatch(value)
    if found is None:
        raise ValueError("not an Apprise URL: a service, :// and printable ASCII, such as tgram://token/chat")
    if found[1] not in schemes:
        raise ValueError(f"the service {found[1]} is not allowed; these are: {', '.join(sorted(schemes))}")
