import pytest

from alerting.runtime.broker import Headers
from alerting.runtime.broker.memory import MemoryMessage
from alerting.runtime.traceparent import header_of, is_traceparent, sampled, trace_id
from fix_tracing import SAMPLED, TRACE_ID, UNSAMPLED

NONE = [
    "",
    "nonsense",
    SAMPLED.upper(),
    SAMPLED + "-x",
    SAMPLED + "\n",
    SAMPLED.replace(TRACE_ID, "0" * 32),
    f"00-{TRACE_ID}-{'0' * 16}-01",
    "ff" + SAMPLED[2:],
    SAMPLED[:-1],
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_none(text: str) -> None:
    assert not is_traceparent(text)
    assert sampled(text) is None
    assert sampled(text.encode()) is None


@pytest.mark.parametrize("flags", ["01", "03", "ff"])
def test_a_trace_that_is_recorded(flags: str) -> None:
    text = SAMPLED[:-2] + flags
    assert sampled(text) == sampled(text.encode()) == text
    assert trace_id(text) == TRACE_ID


@pytest.mark.parametrize("value", [None, UNSAMPLED, SAMPLED[:-2] + "02", b"\xff\xfe1"])
def test_a_trace_that_is_not(value: str | bytes | None) -> None:
    assert sampled(value) is None


def test_a_later_version_is_one_all_the_same() -> None:
    assert is_traceparent("01" + SAMPLED[2:])


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (None, None),
        ([("other", b"x")], None),
        ([("other", b"x"), ("traceparent", b"1"), ("traceparent", b"2")], ("traceparent", b"1")),
        ([("traceparent", b"x" * 256), ("traceparent", None)], ("traceparent", None)),
    ],
)
def test_the_header_of_a_message(headers: Headers | None, found: object) -> None:
    assert header_of(MemoryMessage("t", 0, 0, None, None, headers)) == found
