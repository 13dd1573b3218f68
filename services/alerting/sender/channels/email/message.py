"""What a mail says of a notification."""

import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerting.sender.delivery import Delivery, DeliveryError

MOST_SUBJECT: Final = 200

# Line ends above all, which would begin another header.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_templates = Environment(
    loader=PackageLoader("alerting.sender.channels.email"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def mail(delivery: Delivery, sender: str, now: float) -> EmailMessage:
    """Return the message, the same for each attempt but for its date.

    Raises
    ------
    DeliveryError
        The endpoint's value is no mailbox.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject(delivery)
    message["From"] = sender
    message["To"] = recipient(delivery.value)
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message["Message-ID"] = f"<{delivery.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # Where the Message-ID is replaced on the way, as SES does, this is still the same for each attempt.
    message["X-Delivery-Id"] = delivery.id
    # So that nobody's absence is answered.
    message["Auto-Submitted"] = "auto-generated"
    values = {"delivery": delivery, "alert": delivery.alert, "context": orjson.loads(delivery.alert.context)}
    message.set_content(_templates.get_template("notification.txt").render(values))
    message.add_alternative(_templates.get_template("notification.html").render(values), subtype="html")
    message.set_boundary(f"=_{delivery.id}")
    return message


def subject(delivery: Delivery) -> str:
    """Return the subject: one line, whatever the alert's name has in it."""
    alert = delivery.alert
    line = _UNPRINTABLE.sub(" ", f"[{alert.severity}] {alert.source}: {alert.name}").strip()
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1] + "…"


def recipient(value: str) -> Address:
    """Return the one mailbox that an endpoint names."""
    try:
        local, _, domain = value.rpartition("@")
        address = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError):
        raise _no_mailbox() from None
    # Few servers take other letters before the @.
    if not address.username or not address.domain or not address.username.isascii():
        raise _no_mailbox()
    return address


def _no_mailbox() -> DeliveryError:
    return DeliveryError("the address is not a mailbox", permanent=True)
