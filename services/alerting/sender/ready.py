"""One message of the aggregator: read, and refused when it names nothing."""

from uuid import UUID

from google.protobuf.message import DecodeError

from alerting.events.v1 import NotificationReady
from alerting.runtime.errors import Malformed


def read_ready(value: bytes | None) -> str:
    """Return the id of the notification that waits to be sent.

    Raises
    ------
    Malformed
        There can be no such notification.
    """
    if not value:
        raise Malformed("empty", "the message has no value")
    try:
        ready = NotificationReady.FromString(value)
    except DecodeError as error:
        raise Malformed("undecodable", str(error)) from None
    if not ready.notification_id:
        raise Malformed("missing_field", "notification_id: is empty")
    try:
        return str(UUID(ready.notification_id))
    except ValueError:
        raise Malformed("invalid_field", "notification_id: is not a UUID") from None
