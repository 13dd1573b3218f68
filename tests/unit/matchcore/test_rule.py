"""The rule and the wildcard."""

import pickle

import pytest

import matchcore
from matchcore import WILDCARD, Rule


def test_the_wildcard_is_a_star() -> None:
    assert WILDCARD == "*"


def test_a_rule_is_a_tuple_of_named_strings() -> None:
    rule = Rule("r1", "acme", "HIGH", "api", "*")
    assert rule == ("r1", "acme", "HIGH", "api", "*")
    assert Rule._fields == ("rule_id", "client_id", "severity", "source", "name")
    assert (rule.rule_id, rule.client_id, rule.severity, rule.source, rule.name) == rule


def test_a_rule_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Rule("r1", "acme", "HIGH", "api", "*").name = "timeout"  # type: ignore[misc]


def test_a_rule_survives_pickle() -> None:
    rule = Rule("r1", "acme", "HIGH", "api", "*")
    assert pickle.loads(pickle.dumps(rule)) == rule
    assert type(pickle.loads(pickle.dumps(rule))) is matchcore.Rule
