"""The real protobuf runtime, as the judge of the wire scanner.

The messages are described here by hand, not generated, so that the library's tests need nothing of the platform's.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

Field = descriptor_pb2.FieldDescriptorProto
# The runtime in plain Python, which is all there is without the GIL, has laxer rules of its own.
JUDGED = api_implementation.Type() == "upb"
PACKAGE = "matchcore.tests.events.v1"
SEVERITIES = ("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def describe_alert(file: descriptor_pb2.FileDescriptorProto, name: str) -> descriptor_pb2.DescriptorProto:
    """Add a message with the seven fields of an alert."""
    message = file.message_type.add(name=name)
    entry = message.nested_type.add(name="ContextEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL)
    entry.field.add(name="value", number=2, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL)
    scalars = (
        ("alert_id", Field.TYPE_STRING),
        ("schema_version", Field.TYPE_INT32),
        ("event_ts", Field.TYPE_INT64),
        ("severity", Field.TYPE_ENUM),
        ("source", Field.TYPE_STRING),
        ("name", Field.TYPE_STRING),
    )
    for number, (field, kind) in enumerate(scalars, start=1):
        message.field.add(name=field, number=number, type=kind, label=Field.LABEL_OPTIONAL)
    message.field[3].type_name = f".{PACKAGE}.Severity"
    message.field.add(
        name="context",
        number=7,
        type=Field.TYPE_MESSAGE,
        label=Field.LABEL_REPEATED,
        type_name=f".{PACKAGE}.{name}.ContextEntry",
    )
    return message


def describe() -> descriptor_pb2.FileDescriptorProto:
    """Describe ``AlertNew`` and ``AlertMatched``."""
    file = descriptor_pb2.FileDescriptorProto(name="matchcore_tests.proto", package=PACKAGE, syntax="proto3")
    severity = file.enum_type.add(name="Severity")
    for number, name in enumerate(SEVERITIES):
        severity.value.add(name=name, number=number)
    describe_alert(file, "AlertNew").reserved_range.add(start=8, end=11)
    matched = describe_alert(file, "AlertMatched")
    matched.field.add(name="client_id", number=8, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL)
    matched.field.add(name="rule_ids", number=9, type=Field.TYPE_STRING, label=Field.LABEL_REPEATED)
    matched.field.add(name="rules_version", number=10, type=Field.TYPE_INT64, label=Field.LABEL_OPTIONAL)
    return file


POOL = descriptor_pool.DescriptorPool()
POOL.AddSerializedFile(describe().SerializeToString())
AlertNew: Any = message_factory.GetMessageClass(POOL.FindMessageTypeByName(f"{PACKAGE}.AlertNew"))
AlertMatched: Any = message_factory.GetMessageClass(POOL.FindMessageTypeByName(f"{PACKAGE}.AlertMatched"))


def parse(payload: bytes) -> Any | None:
    """Return the ``AlertNew``, or None when protobuf refuses the payload."""
    try:
        return AlertNew.FromString(payload)
    except DecodeError:
        return None


def severity_word(alert: Any) -> str | None:
    """Return the severity's name, or None when its number means none."""
    return SEVERITIES[alert.severity] if 1 <= alert.severity < len(SEVERITIES) else None


def plain(field: Any) -> Any:
    """Turn unknown fields, which compare by identity, into tuples."""
    data = field.data
    return (field.field_number, field.wire_type, [plain(inner) for inner in data] if field.wire_type == 3 else data)


def unknown_fields(message: Any) -> list[Any]:
    """Return the fields that protobuf kept without knowing them, in their order."""
    unknown: Any = UnknownFieldSet(message)
    return [plain(field) for field in unknown]
