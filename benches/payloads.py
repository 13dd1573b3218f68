"""`AlertNew` messages, written by hand: the benchmarks need no protobuf runtime either."""

from .workloads import Event, Events

__all__ = ["encode", "encode_all"]

_NUMBERS = {"LOW": 1, "MEDIUM": 2, "HIGH": 3, "CRITICAL": 4}
_CONTEXT = {"region": "eu-central-1", "instance": "10.12.4.77:9100", "runbook": "https://runbooks.example/alert"}


def encode_all(events: Events) -> list[bytes]:
    """Return one payload an event."""
    return [encode(number, event) for number, event in enumerate(events.rows())]


def encode(number: int, event: Event) -> bytes:
    """Return an `AlertNew` of about 190 bytes: an id made of `number`, the event's fields, three context entries."""
    severity, source, name = event
    return b"".join(
        [
            _text(1, f"0190f3c2-7a10-7000-8000-{number:012x}"),
            _integer(2, 1),
            _integer(3, 1_700_000_000 + number),
            _integer(4, _NUMBERS.get(severity, 0)),
            _text(5, source),
            _text(6, name),
            *(_entry(key, value) for key, value in _CONTEXT.items()),
        ]
    )


def _entry(key: str, value: str) -> bytes:
    return _field(7, _text(1, key) + _text(2, value))


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _integer(number: int, value: int) -> bytes:
    """Return a varint field; proto3 leaves a zero out."""
    return _varint(number << 3) + _varint(value) if value else b""


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
