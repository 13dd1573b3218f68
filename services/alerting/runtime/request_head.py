"""HTTP/1.1 whose requests' heads are bounded, in bytes and in time.

The server bounds neither: whoever can connect could fill its memory with a head that does not end, or keep connections
that say nothing, and needs no key for it.
"""

import asyncio
from http import HTTPStatus
from typing import Final

import orjson

from alerting.runtime.one_write import OneWriteProtocol

MOST_BYTES: Final = 65_536
"""Of a head; of what comes in one piece with the end of it, more may be taken."""
_SECONDS: Final = 30.0


class BoundedHeadProtocol(OneWriteProtocol):
    """The server's protocol. Counted is all that is neither a body nor a whole head: what follows a body, too."""

    _unread = 0
    _begun = False
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection, and wait for its first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is too much."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > MOST_BYTES and not self.transport.is_closing():
            self._refuse(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the head of a request has at most {MOST_BYTES} bytes"
            )
        elif self._begun and self._patience is None:
            # Only now: most heads come in one piece, and a timer for each would cost more than reading it.
            self._await_head()

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self._begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Let the application answer."""
        self._unread = 0
        self._begun = False
        self._head_is_here()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand on what the application bounds by itself."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._unread = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, as everything else is refused."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _await_head(self) -> None:
        self._patience = self.loop.call_later(_SECONDS, self.transport.close)

    def _head_is_here(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        # Another request's answer may be on its way: in the middle of it nothing can be said.
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]  # none before the first
            # By hand: `runtime/problem.py` would bring the web framework into services that have no other use for it.
            body = orjson.dumps(
                {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail, "errors": []}
            )
            head = (
                f"HTTP/1.1 {status:d} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
