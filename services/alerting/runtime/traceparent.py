"""``traceparent``, the header of W3C Trace Context: by it an alert's trace goes on from service to service.

It is passed on whether or not this process makes spans, so nothing here needs OpenTelemetry.
"""

import re
from typing import Final

from alerting.runtime.broker.port import Message

TRACEPARENT: Final = "traceparent"

Header = tuple[str, str | bytes | None]

_MOST_BYTES: Final = 255

# Version, trace, span, flags. Zeros alone are no id, and there is no version ff.
_FORMAT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
# The last of the flags says that the trace is recorded. As characters and as bytes.
_SAMPLED: Final = frozenset("13579bdf") | frozenset(b"13579bdf")


def header_of(message: Message) -> Header | None:
    """Return a message's header, whatever is in it, or None when there is none that is worth passing on."""
    for header in message.headers() or ():
        if header[0] == TRACEPARENT and len(header[1] or b"") <= _MOST_BYTES:
            return header
    return None


def is_traceparent(text: str) -> bool:
    """Tell whether a header's value is what it should be."""
    return _FORMAT.fullmatch(text) is not None


def sampled(value: str | bytes | None) -> str | None:
    """Return a header's value when it names a trace that is recorded, and None otherwise."""
    # Most are not, and that is seen at once.
    if not value or value[-1] not in _SAMPLED:
        return None
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text if is_traceparent(text) else None


def trace_id(traceparent: str) -> str:
    """Return the id of the trace, as its viewers show it."""
    return traceparent[3:35]
