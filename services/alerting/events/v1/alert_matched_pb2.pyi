from alerting.events.v1 import severity_pb2 as _severity_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AlertMatched(_message.Message):
    __slots__ = ("alert_id", "schema_version", "event_ts", "severity", "source", "name", "context", "client_id", "rule_ids", "rules_version")
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ALERT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    EVENT_TS_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_IDS_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    alert_id: str
    schema_version: int
    event_ts: int
    severity: _severity_pb2.Severity
    source: str
    name: str
    context: _containers.ScalarMap[str, str]
    client_id: str
    rule_ids: _containers.RepeatedScalarFieldContainer[str]
    rules_version: int
    def __init__(self, alert_id: _Optional[str] = ..., schema_version: _Optional[int] = ..., event_ts: _Optional[int] = ..., severity: _Optional[_Union[_severity_pb2.Severity, str]] = ..., source: _Optional[str] = ..., name: _Optional[str] = ..., context: _Optional[_Mapping[str, str]] = ..., client_id: _Optional[str] = ..., rule_ids: _Optional[_Iterable[str]] = ..., rules_version: _Optional[int] = ...) -> None: ...
