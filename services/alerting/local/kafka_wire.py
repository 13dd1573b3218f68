"""Asks a Kafka broker whether it serves, in 24 bytes of its protocol: a client library would retry, and complain."""

import socket
import struct

TIMEOUT_SECONDS = 2.0

# Size; Metadata, version 1, correlation id 0, no client id; no topics.
_REQUEST = struct.pack(">i hhih i", 14, 3, 1, 0, -1, 0)
_RESPONSE = struct.Struct(">iii")


def broker_answers(host: str, port: int) -> bool:
    """Return whether the broker knows of a broker that can be used, which is itself; an OSError is a no."""
    with socket.create_connection((host, port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(_REQUEST)
        answer = b""
        while len(answer) < _RESPONSE.size:
            part = connection.recv(_RESPONSE.size - len(answer))
            if not part:
                return False
            answer += part
    _, _, brokers = _RESPONSE.unpack(answer)
    return bool(brokers > 0)
