from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class NotificationReady(_message.Message):
    __slots__ = ("notification_id", "client_id", "alert_id", "schema_version")
    NOTIFICATION_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ALERT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    notification_id: str
    client_id: str
    alert_id: str
    schema_version: int
    def __init__(self, notification_id: _Optional[str] = ..., client_id: _Optional[str] = ..., alert_id: _Optional[str] = ..., schema_version: _Optional[int] = ...) -> None: ...
