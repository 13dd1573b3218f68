from typing import get_args

import pytest
from pydantic import ValidationError

from alerting.rule_service.dead_letter_cursor import decode_begins, encode_begins
from alerting.rule_service.dead_letter_requests import LetterOrder, Topic
from alerting.rule_service.pagination import encode
from alerting.runtime.problem import Problem
from alerting.runtime.topics import TOPICS

PLACE = {"topic": "alerts.new", "partition": 0, "offset": 7}


def test_the_topics_are_those_that_there_are() -> None:
    assert get_args(Topic) == TOPICS


def test_a_cursor_is_how_far_each_partition_was_looked_at() -> None:
    begins = {("alerts.new", 0): 12, ("rule.changed", 3): 2**60}
    assert decode_begins(encode_begins(begins)) == begins


@pytest.mark.parametrize("cursor", ["", "x", "ä", "AAAA", encode("rules", "r1")])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem, match="not a cursor of this list"):
        decode_begins(cursor)


@pytest.mark.parametrize(
    "order", [{"letters": [PLACE]}, {"topic": "alerts.new"}, {"topic": "alerts.new", "reason": ""}]
)
def test_an_order_names_letters_or_a_topic(order: object) -> None:
    assert LetterOrder.model_validate(order).topics() == {"alerts.new"}


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"reason": "too_long"},
        {"letters": []},
        {"letters": [PLACE] * 501},
        {"letters": [PLACE], "topic": "alerts.new"},
        {"letters": [PLACE], "reason": "too_long"},
        {"letters": [PLACE | {"offset": -1}]},
        {"topic": "alerts.other"},
    ],
)
def test_any_other_order_is_refused(order: object) -> None:
    with pytest.raises(ValidationError):
        LetterOrder.model_validate(order)
