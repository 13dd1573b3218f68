"""What the value of a dead letter says, when it says something."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError, Message

from alerting.events.v1 import AlertMatched, AlertNew, NotificationReady, RuleChanged
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW, NOTIFICATIONS_READY, RULE_CHANGED

_TYPES: Final[Mapping[str, type[Message]]] = {
    ALERTS_NEW: AlertNew,
    RULE_CHANGED: RuleChanged,
    ALERTS_MATCHED: AlertMatched,
    NOTIFICATIONS_READY: NotificationReady,
}


class Decoded(NamedTuple):
    """A value as the fields of its message, or why it has none."""

    message: str
    fields: dict[str, Any] | None
    error: str | None


def decode(topic: str, value: bytes | None) -> Decoded:
    """Decode a value that came from a topic. Whole numbers of 64 bits are text, as JSON of protobuf has them."""
    kind = _TYPES[topic]
    name = kind.DESCRIPTOR.name
    if value is None:
        return Decoded(name, None, "there is no value")
    try:
        message = kind.FromString(value)
        fields = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    except (DecodeError, ValueError) as error:
        # The second: a number that no JSON of protobuf can be made of.
        return Decoded(name, None, str(error) or "it is no message of this kind")
    return Decoded(name, fields, None)
