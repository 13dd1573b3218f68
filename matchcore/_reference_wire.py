"""`Router`: from the bytes of an ``AlertNew`` to the bytes of an ``AlertMatched`` for each client.

Accepts what protobuf's own runtime (upb) accepts. Where the format leaves room, that is:

- a tag and a length are varints of at most 5 bytes and, the length, at most 2**31 - 1; any other varint is
  one of at most 10 bytes, of which bits above 64 are dropped; none needs to be the shortest;
- field number 0 is refused, but not inside a group;
- a map entry is one level of nesting, each group one, and 100 levels are the most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ._reference_index import View
from ._reference_live import LiveIndex
from .errors import WireError

__all__ = ["Router"]

_MAX_NESTING = 100
_TAG_BYTES, _LENGTH_BYTES, _VARINT_BYTES = 5, 5, 10
_VARINT, _FIXED64, _DELIMITED, _GROUP, _END_GROUP, _FIXED32 = range(6)

_ALERT_ID, _SEVERITY, _SOURCE, _NAME, _CONTEXT = 1, 4, 5, 6, 7
_CLIENT_ID, _RULE_IDS, _RULES_VERSION = 8, 9, 10
_KEY, _VALUE = 1, 2

_SEVERITIES = {1: "LOW", 2: "MEDIUM", 3: "HIGH", 4: "CRITICAL"}


class Router:
    r"""Route alerts to the clients whose rules match them, without a protobuf runtime.

    Parameters
    ----------
    index
        Where the rules are. A `LiveIndex` is read at one version for each call.

    Examples
    --------
    >>> from matchcore._reference_index import Index
    >>> router = Router(LiveIndex(Index.build([("r1", "acme", "HIGH", "api", "*")], version=7)))
    >>> router.route(b"\x20\x03\x2a\x03api")
    [(b'acme', b' \x03*\x03apiB\x04acmeJ\x02r1P\x07')]
    >>> router.route(b"\x20\x03\x2a\x04api")
    Traceback (most recent call last):
    matchcore.errors.WireError: byte 2: is cut short
    """

    def __init__(self, index: View | LiveIndex) -> None:
        if not isinstance(index, View | LiveIndex):
            raise TypeError(f"index must be an Index, a View or a LiveIndex, not {type(index).__name__}")
        self._index = index

    def route(self, payload: bytes, /) -> list[tuple[bytes, bytes]]:
        """Return (client id, ``AlertMatched``) for each client with a rule that matches.

        Raises
        ------
        WireError
            A payload that is not a well-formed ``AlertNew``, with the offset of what is at fault.
        """
        check_payload("payload", payload)
        return route_in(self._view(), payload)

    def route_batch(self, payloads: Sequence[bytes], /) -> list[list[tuple[bytes, bytes]] | WireError]:
        """Route many alerts; the error of a malformed one stands in its place."""
        for place, payload in enumerate(payloads):
            check_payload(f"payloads[{place}]", payload)
        view = self._view()
        return [route_or_error(view, payload) for payload in payloads]

    def _view(self) -> View:
        return self._index.reader() if isinstance(self._index, LiveIndex) else self._index


class Alert(NamedTuple):
    """What routing needs of an alert: the matched fields, and the bytes that are passed on.

    The severity is None when its number has no name: only the wildcard matches it, not even an empty pattern.
    """

    severity: str | None
    source: str
    name: str
    kept: bytes


class Element(NamedTuple):
    """One field of a message: its tag begins at `start`, its value at `value`, and it ends before `stop`."""

    number: int
    wire_type: int
    start: int
    value: int
    stop: int


class ElementError(Exception):
    """What is wrong with an element; whoever knows the element's offset makes a `WireError` of it."""


def check_payload(label: str, payload: object) -> None:
    """Raise unless `payload` is bytes."""
    if not isinstance(payload, bytes):
        raise TypeError(f"{label} must be bytes, not {type(payload).__name__}")


def route_or_error(view: View, payload: bytes) -> list[tuple[bytes, bytes]] | WireError:
    """Return the error instead of raising it."""
    try:
        return route_in(view, payload)
    except WireError as error:
        return error


def route_in(view: View, payload: bytes) -> list[tuple[bytes, bytes]]:
    """Match one alert and write it once for each client."""
    alert = read_alert(payload)
    found = view._find((alert.severity, alert.source, alert.name))
    return [
        (client_id.encode(), alert.kept + matched_fields(client_id, rule_ids, view.version))
        for client_id, rule_ids in view._matches(ordinal for _, ordinal in found).items()
    ]


def matched_fields(client_id: str, rule_ids: Sequence[str], version: int) -> bytes:
    """Write the fields that ``AlertMatched`` has beyond ``AlertNew``."""
    fields = string_field(_CLIENT_ID, client_id) + b"".join(string_field(_RULE_IDS, rule_id) for rule_id in rule_ids)
    # proto3 leaves out a number that is zero.
    return fields + (write_varint(_RULES_VERSION << 3 | _VARINT) + write_varint(version) if version else b"")


def string_field(number: int, text: str) -> bytes:
    """Write a string field."""
    value = text.encode()
    return write_varint(number << 3 | _DELIMITED) + write_varint(len(value)) + value


def write_varint(value: int) -> bytes:
    r"""Write a number, seven bits a byte, the lowest first.

    >>> write_varint(300)
    b'\xac\x02'
    """
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def read_alert(payload: bytes) -> Alert:
    """Read an ``AlertNew``: the last of a repeated field wins; a known number with another wire type is unknown."""
    severity, texts, kept = 0, {_SOURCE: "", _NAME: ""}, bytearray()
    for element in elements(payload, 0, len(payload), _MAX_NESTING):
        number, wire_type, start, value, stop = element
        if (number, wire_type) == (_SEVERITY, _VARINT):
            # An enum is an int32: protobuf drops the bits above.
            severity = read_varint(payload, value, stop, _VARINT_BYTES)[0] & 0xFFFFFFFF
        elif wire_type == _DELIMITED and number in (_ALERT_ID, _SOURCE, _NAME):
            texts[number] = read_text(payload, element)
        elif (number, wire_type) == (_CONTEXT, _DELIMITED):
            check_entry(payload, element)
        if number not in (_CLIENT_ID, _RULE_IDS, _RULES_VERSION):
            kept += payload[start:stop]
    return Alert(_SEVERITIES.get(severity), texts[_SOURCE], texts[_NAME], bytes(kept))


def check_entry(payload: bytes, entry: Element) -> None:
    """Raise unless `entry` is a well-formed entry of the map ``context``."""
    _, start = read_length(payload, entry.value, entry.stop)
    for element in elements(payload, start, entry.stop, _MAX_NESTING - 1):
        if element.wire_type == _DELIMITED and element.number in (_KEY, _VALUE):
            read_text(payload, element)


def read_text(payload: bytes, element: Element) -> str:
    """Return the value of a string field."""
    _, start = read_length(payload, element.value, element.stop)
    try:
        return payload[start : element.stop].decode()
    except UnicodeDecodeError:
        raise WireError(element.start, "is not valid UTF-8") from None


def elements(payload: bytes, start: int, end: int, nesting: int) -> Iterator[Element]:
    """Iterate over the fields of a message, of which `nesting` levels may lie inside each other."""
    while start < end:
        try:
            number, wire_type, value = read_tag(payload, start, end)
            if number == 0:
                raise ElementError("has field number 0")
            stop = skip(payload, value, end, number, wire_type, nesting)
        except ElementError as fault:
            raise WireError(start, str(fault)) from None
        yield Element(number, wire_type, start, value, stop)
        start = stop


def skip(payload: bytes, start: int, end: int, number: int, wire_type: int, nesting: int) -> int:
    """Return where the value ends that begins at `start`."""
    if wire_type == _VARINT:
        return read_varint(payload, start, end, _VARINT_BYTES)[1]
    if wire_type == _GROUP:
        return skip_group(payload, start, end, number, nesting)
    if wire_type == _DELIMITED:
        length, start = read_length(payload, start, end)
    elif wire_type in (_FIXED32, _FIXED64):
        length = 4 if wire_type == _FIXED32 else 8
    elif wire_type == _END_GROUP:
        raise ElementError("ends a group that was not begun")
    else:
        raise ElementError(f"has wire type {wire_type}")
    if length > end - start:
        raise ElementError("is cut short")
    return start + length


def skip_group(payload: bytes, start: int, end: int, number: int, nesting: int) -> int:
    """Return where the group of this field number ends."""
    if nesting == 0:
        raise ElementError(f"is nested more than {_MAX_NESTING} deep")
    while start < end:
        inner, wire_type, start = read_tag(payload, start, end)
        if (inner, wire_type) == (number, _END_GROUP):
            return start
        start = skip(payload, start, end, inner, wire_type, nesting - 1)
    raise ElementError("is cut short")


def read_tag(payload: bytes, start: int, end: int) -> tuple[int, int, int]:
    """Return field number, wire type and the end of the tag."""
    tag, start = read_varint(payload, start, end, _TAG_BYTES)
    if tag > 0xFFFFFFFF:
        raise ElementError("has a tag of more than 32 bits")
    return tag >> 3, tag & 7, start


def read_length(payload: bytes, start: int, end: int) -> tuple[int, int]:
    """Return a length and the end of its varint."""
    length, start = read_varint(payload, start, end, _LENGTH_BYTES)
    if length > 0x7FFFFFFF:
        raise ElementError("is longer than 2 GiB")
    return length, start


def read_varint(payload: bytes, start: int, end: int, longest: int) -> tuple[int, int]:
    """Return a number of at most `longest` bytes, and where it ends."""
    value = 0
    for place in range(longest):
        if start + place >= end:
            raise ElementError("is cut short")
        byte = payload[start + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, start + place + 1
    raise ElementError(f"has a varint of more than {longest} bytes")
