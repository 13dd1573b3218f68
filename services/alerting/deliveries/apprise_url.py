"""Which of Apprise's services a tenant may name."""

import re
from collections.abc import Iterable
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

PARAMETERS: Final = frozenset(
    {
        "action",
        "alerting_scenario",
        "alias",
        "avatar",
        "class",
        "click",
        "dedup",
        "entity",
        "expire",
        "external_id",
        "footer",
        "from",
        "group",
        "interval",
        "location",
        "method",
        "mode",
        "preview",
        "priority",
        "region",
        "route",
        "service",
        "severity",
        "silent",
        "sound",
        "tags",
        "thread",
        "to",
        "topic",
        "ttl",
        "tts",
    }
)
"""What may stand behind the ? of a URL: words about the message. Others are orders to whoever sends it. With `template`
it reads any file of its machine, or any address, and sends what is there; `verify` and `retry` undo its settings."""

_URL: Final = re.compile(r"([a-z][a-z0-9+-]*)://[\x21-\x7e]+")
# Whatever may begin another parameter.
_SEPARATOR: Final = re.compile("[?&;]")


def check_apprise_url(value: str, schemes: frozenset[str]) -> None:
    """Return when it is a URL of an allowed service, with allowed parameters.

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
    _, *parameters = _SEPARATOR.split(value)
    # As they are written: one that is escaped, or in capitals, is none of these.
    check_parameters(parameter.partition("=")[0] for parameter in parameters)


def check_parameters(names: Iterable[str]) -> None:
    """Return when a URL may have parameters of these names.

    Raises
    ------
    ValueError
        It may not.
    """
    if not PARAMETERS.issuperset(names):
        # They are not named: what is written there may be a secret.
        raise ValueError(f"behind the ? of the URL, only these are allowed: {', '.join(sorted(PARAMETERS))}")
