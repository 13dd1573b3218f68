"""`explain`: why a rule matched."""

from typing import Any

import pytest

from fix_impl import Implementation
from fix_rules import RULES
from matchcore import Rule


def test_it_tells_rule_and_wildcards(impl: Implementation, view: Any) -> None:
    assert view.explain("LOW", "db", "disk") == [
        impl.Explanation(RULES[2], ("severity", "source", "name")),
        impl.Explanation(RULES[4], ()),
    ]


def test_an_explanation_is_a_named_tuple(impl: Implementation, view: Any) -> None:
    (explanation, _) = view.explain("LOW", "db", "disk")
    rule, wildcards = explanation
    assert type(explanation) is impl.Explanation
    assert impl.Explanation._fields == ("rule", "wildcards")
    assert (explanation.rule, explanation.wildcards) == (rule, wildcards)
    assert type(rule) is Rule
    assert type(wildcards) is tuple


def test_explanations_come_by_client_then_rule_id(view: Any) -> None:
    rule_ids = [explanation.rule.rule_id for explanation in view.explain("HIGH", "api", "timeout")]
    assert rule_ids == view.match("HIGH", "api", "timeout").rules() == ["r5", "r9", "r1", "r4", "r3"]


@pytest.mark.parametrize("severity", ["*", "HIGH"])
@pytest.mark.parametrize("source", ["*", "api"])
@pytest.mark.parametrize("name", ["*", "timeout"])
def test_wildcards_are_named_in_the_order_of_the_fields(
    impl: Implementation, severity: str, source: str, name: str
) -> None:
    pattern = {"severity": severity, "source": source, "name": name}
    (explanation,) = impl.Index.build([("r1", "acme", severity, source, name)]).explain("HIGH", "api", "timeout")
    assert explanation.wildcards == tuple(field for field, value in pattern.items() if value == "*")


def test_a_star_in_a_longer_pattern_is_no_wildcard(impl: Implementation) -> None:
    (explanation,) = impl.Index.build([("r1", "acme", "**", "*a", "a*")]).explain("**", "*a", "a*")
    assert explanation.wildcards == ()
