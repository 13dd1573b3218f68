"""A connection to a receiver: HTTP/1.1, one request after another, and no trust in what comes back."""

import asyncio
from typing import Final, NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

MOST_HEAD_BYTES: Final = 65_536
MOST_ANSWER_BYTES: Final = 65_536
RECORDED_BYTES: Final = 1_024

# Of an answer's headers, those that say something about the delivery.
_KEPT: Final = frozenset({b"retry-after", b"date"})
# Whatever is below 200 announces the answer, but for this, after which HTTP ends.
_SWITCHING_PROTOCOLS: Final = 101


class NoAnswer(Exception):
    """The connection ended without an answer; the text says how."""


class Answer(NamedTuple):
    """What a receiver said."""

    status: int
    headers: dict[str, str]
    """Those that are kept, by their names in lower case."""
    body: bytes
    """At most the first `RECORDED_BYTES` of it."""


class HttpConnection(asyncio.Protocol):
    """Carries one request at a time.

    The status is what counts: once it is there, an answer that breaks off, has no end or does not come to it changes
    nothing. It is read on, up to `MOST_ANSWER_BYTES`, so that the connection can be used again.
    """

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        # Receivers are not always careful, and there is nobody behind an answer whom it could deceive.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._transport: asyncio.Transport | None = None
        self._asked: asyncio.Future[Answer] | None = None
        self._begin()

    @property
    def usable(self) -> bool:
        """Tell whether another request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, deadline: float) -> Answer:
        """Send a request and return its answer; `deadline` is in seconds of the event loop's clock.

        Raises
        ------
        NoAnswer
            The connection ended before there was a status.
        TimeoutError
            There was none until the deadline.
        """
        if self._transport is None:
            raise NoAnswer("there is no connection")
        loop = asyncio.get_running_loop()
        self._begin()
        self._asked = loop.create_future()
        timer = loop.call_at(deadline, self._fail, TimeoutError())
        self._transport.write(request)
        try:
            return await self._asked
        except asyncio.CancelledError:
            # Its answer would be taken for that of the next request.
            self.abort()
            raise
        finally:
            timer.cancel()

    def abort(self) -> None:
        """Close it at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End, and with it an answer that has no other end."""
        self._fail(NoAnswer("the connection was closed" if error is None else f"{type(error).__name__}"))

    def data_received(self, data: bytes) -> None:
        """Read what came, as far as it was asked for and is not too much."""
        if not self._waiting:
            self.abort()
            return
        if not self._status:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(NoAnswer("what came is not HTTP"))
        if self._body_bytes >= MOST_ANSWER_BYTES or (not self._status and self._head_bytes > MOST_HEAD_BYTES):
            self._fail(NoAnswer("its head has no end"))

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Refuse a second answer to one request."""
        if not self._waiting:
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, if it is one of those."""
        lower = name.lower()
        if lower in _KEPT:
            self._headers.setdefault(lower.decode(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        """Note the status."""
        status = self._parser.get_status_code()
        if status >= 200 or status == _SWITCHING_PROTOCOLS:
            self._status = status
        else:
            self._headers.clear()

    def on_body(self, data: bytes) -> None:
        """Keep the beginning of the body."""
        self._body += data[: RECORDED_BYTES - len(self._body)]
        self._body_bytes += len(data)

    def on_message_complete(self) -> None:
        """Give the answer to whoever asked."""
        if not self._status:
            return
        # What answers before it has the whole request may not read the rest of it.
        if not self._parser.should_keep_alive() or self._unsent:
            self.abort()
        self._give(self._answer())

    @property
    def _waiting(self) -> bool:
        return self._asked is not None and not self._asked.done()

    @property
    def _unsent(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def _begin(self) -> None:
        self._status = self._head_bytes = self._body_bytes = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def _give(self, outcome: Answer | Exception) -> None:
        if self._asked is None or self._asked.done():
            return
        if isinstance(outcome, Exception):
            self._asked.set_exception(outcome)
        else:
            self._asked.set_result(outcome)

    def _answer(self) -> Answer:
        return Answer(self._status, self._headers, bytes(self._body))

    def _fail(self, fault: Exception) -> None:
        """End the connection; without a status, whoever asked gets the fault."""
        self._give(self._answer() if self._status else fault)
        self.abort()
