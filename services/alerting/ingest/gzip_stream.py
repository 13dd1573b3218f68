"""A gzip stream, decompressed piece by piece, so that a small body cannot become a large one unseen."""

import zlib
from collections.abc import Iterator
from typing import Final

from alerting.ingest.faults import Unreadable

_GZIP: Final = 31
"""What zlib calls gzip's format, with a window of any size."""
_PIECE: Final = 65_536


class GzipStream:
    """Decompresses what it is fed; a stream may have several members, one after the other."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._fed = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data becomes, in pieces of at most 64 KiB."""
        self._fed = self._fed or bool(data)
        while data:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            try:
                piece = self._member.decompress(data, _PIECE)
            except zlib.error as error:
                raise Unreadable(f"not gzip: {error}", status=400) from None
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if piece:
                yield piece

    def finish(self) -> None:
        """Say so when the stream ended too early."""
        if self._fed and not self._member.eof:
            raise Unreadable("not gzip: it ends too early", status=400)
