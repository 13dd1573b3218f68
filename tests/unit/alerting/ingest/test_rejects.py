"""What is kept of a refused alert, however long it is."""

import pytest

from alerting.ingest.faults import Reject
from alerting.ingest.rejects import cut, kept


@pytest.mark.parametrize(
    ("text", "most", "wanted"),
    [("", 4, ""), ("abcd", 4, "abcd"), ("abcde", 4, "abcd"), ("aé", 2, "a"), ("aé", 3, "aé"), ("\ud800x", 8, "?x")],
)
def test_a_text_is_cut_between_characters(text: str, most: int, wanted: str) -> None:
    assert cut(text, most) == wanted


def test_what_is_kept_is_bounded() -> None:
    long = "\N{GRINNING FACE}" * 10_000
    made = kept(Reject(7, long, long), 1_700_000_000_000_000, "prometheus", "native", long)
    assert made.item == 7
    assert made.at == "2023-11-14T22:13:20.000Z"
    assert len(made.model_dump_json()) < 1_000
    assert len(made.model_dump_json().encode()) < 2_000
