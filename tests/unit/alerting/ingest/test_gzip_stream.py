import gzip

import pytest

from alerting.ingest.faults import Unreadable
from alerting.ingest.gzip_stream import GzipStream


def inflate(*chunks: bytes) -> bytes:
    stream = GzipStream()
    content = b"".join(piece for chunk in chunks for piece in stream.feed(chunk))
    stream.finish()
    return content


@pytest.mark.parametrize("content", [b"", b"x", b"alert" * 100_000])
def test_any_division_into_chunks(content: bytes) -> None:
    packed = gzip.compress(content)
    assert inflate(packed) == content
    assert inflate(*(packed[place : place + 1] for place in range(len(packed)))) == content


def test_several_members() -> None:
    assert inflate(gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"


def test_nothing_is_nothing() -> None:
    assert inflate() == b""


def test_pieces_are_small() -> None:
    pieces = GzipStream().feed(gzip.compress(bytes(50_000_000)))
    assert len(next(pieces)) <= 65_536


@pytest.mark.parametrize("wrong", [b"no gzip", gzip.compress(b"x") + b"trash", gzip.compress(b"alert" * 9)[:-3]])
def test_what_is_not_gzip(wrong: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        inflate(wrong)
    assert error.value.status == 400
