"""The rule: a pattern over (severity, source, name), owned by a client."""

from typing import Final, NamedTuple

__all__ = ["WILDCARD", "Rule"]

WILDCARD: Final = "*"
"""The pattern that matches any value of its field, the empty string too."""


class Rule(NamedTuple):
    """One immutable rule.

    Parameters
    ----------
    rule_id
        The rule's name, unique in an index; not empty.
    client_id
        The client that the rule belongs to; not empty.
    severity, source, name
        Each a string that an alert's field must equal, code point by code
        point, or `WILDCARD`. A ``*`` inside a longer string is an ordinary
        character.

    Examples
    --------
    >>> rule = Rule("r1", "acme", "HIGH", "payments", WILDCARD)
    >>> rule.client_id
    'acme'
    >>> rule == ("r1", "acme", "HIGH", "payments", "*")
    True
    """

    rule_id: str
    client_id: str
    severity: str
    source: str
    name: str
