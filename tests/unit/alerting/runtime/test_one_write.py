import asyncio
from typing import Any

import pytest

from alerting.runtime.one_write import OneWriteTransport


class Recorder:
    """A transport that only notes what it is told."""

    def __init__(self) -> None:
        self.calls: list[bytes | str] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.calls.append(data)

    def close(self) -> None:
        self.calls.append("closed")
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, name: str) -> str:
        return f"about {name}"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def transport(recorder: Recorder) -> Any:
    return OneWriteTransport(recorder, asyncio.get_running_loop())  # type: ignore[arg-type]


async def test_head_and_body_leave_together(transport: OneWriteTransport, recorder: Recorder) -> None:
    transport.write(b"head ")
    transport.write(b"body")
    assert recorder.calls == []
    await asyncio.sleep(0)
    assert recorder.calls == [b"head body"]


async def test_each_answer_leaves_in_its_own_time(transport: OneWriteTransport, recorder: Recorder) -> None:
    for answer in (b"one", b"two"):
        transport.write(answer)
        await asyncio.sleep(0)
    assert recorder.calls == [b"one", b"two"]


async def test_much_is_not_held(transport: OneWriteTransport, recorder: Recorder) -> None:
    transport.write(b"x" * 65_535)
    assert recorder.calls == []
    transport.write(b"x")
    assert recorder.calls == [b"x" * 65_536]
    await asyncio.sleep(0)
    assert len(recorder.calls) == 1


async def test_what_is_held_is_written_before_the_end(transport: OneWriteTransport, recorder: Recorder) -> None:
    transport.write(b"last")
    transport.close()
    await asyncio.sleep(0)
    assert recorder.calls == [b"last", "closed"]


async def test_nothing_is_written_after_the_end(transport: OneWriteTransport, recorder: Recorder) -> None:
    transport.write(b"late")
    recorder.closing = True
    await asyncio.sleep(0)
    assert recorder.calls == []


async def test_all_else_is_the_transports(transport: OneWriteTransport) -> None:
    assert transport.get_extra_info("peername") == "about peername"
