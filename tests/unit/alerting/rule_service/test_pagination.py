from base64 import urlsafe_b64encode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from alerting.rule_service.pagination import Page, Paging, decode, encode, page_of
from alerting.runtime.problem import Problem


class Thing(BaseModel):
    id: str


class ThingPage(Page[Thing]):
    pass


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=255))
def test_a_cursor_stands_for_an_id_of_its_list(last_id: str) -> None:
    cursor = encode("things", last_id)
    assert cursor.isascii()
    assert decode("things", cursor) == last_id
    with pytest.raises(Problem):
        decode("others", cursor)


@given(st.one_of(st.text(), st.binary().map(lambda data: urlsafe_b64encode(data).decode())))
def test_what_is_no_cursor_is_refused_and_nothing_else_happens(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        decode("things", cursor)
    assert refused.value.status == 422
    assert [fault.field for fault in refused.value.errors] == ["cursor"]


@pytest.mark.parametrize(
    "content",
    [None, 1, "things", [], ["things"], ["things", 1], ["things", ""], ["things", "a\0"], ["things", "x" * 256],
     ["things", "a", "b"], {"things": 1, "a": 2}, {"things": "a"}, [["things"], "a"]],
)  # fmt: skip
def test_what_looks_like_a_cursor_is_refused(content: object) -> None:
    with pytest.raises(Problem):
        decode("things", urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("="))


def test_a_page_has_a_next_one_only_when_there_is_more() -> None:
    rows = [{"id": letter, "more": 1} for letter in "abc"]
    page = page_of(ThingPage, "things", rows, 2)
    assert page == ThingPage(items=[Thing(id="a"), Thing(id="b")], next_cursor=encode("things", "b"))
    assert page_of(ThingPage, "things", rows, 3).next_cursor is None
    assert page_of(ThingPage, "things", [], 3) == ThingPage(items=[], next_cursor=None)


def test_the_first_page_begins_at_the_beginning() -> None:
    assert Paging().after("things") is None
    assert Paging(cursor=encode("things", "b")).after("things") == "b"
