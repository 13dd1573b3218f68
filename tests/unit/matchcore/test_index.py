"""Building an index and asking it about single events."""

from typing import Any

import pytest

from fix_impl import Implementation
from fix_rules import RULES
from matchcore import Rule, RuleError, RuleTypeError

GOOD = ("r1", "acme", "HIGH", "api", "timeout")
FIELDS = Rule._fields


def with_field(rule: tuple[str, ...], field: str, value: object) -> tuple[Any, ...]:
    """Return `rule` with another value in one field."""
    return tuple(value if name == field else old for name, old in zip(FIELDS, rule, strict=True))


def refusal(impl: Implementation, rules: Any) -> RuleError:
    """Return the error that building raises."""
    with pytest.raises(RuleError) as caught:
        impl.Index.build(rules)
    return caught.value


# Building


@pytest.mark.parametrize("wrap", [list, tuple, iter, lambda rules: (rule for rule in rules)])
def test_build_takes_any_iterable(impl: Implementation, wrap: Any) -> None:
    assert list(impl.Index.build(wrap(RULES)).rules()) == list(RULES)


def test_build_takes_plain_tuples(impl: Implementation) -> None:
    (rule,) = impl.Index.build([GOOD]).rules()
    assert rule == GOOD
    assert type(rule) is Rule


def test_an_index_may_be_empty(impl: Implementation) -> None:
    index = impl.Index.build([])
    assert len(index) == index.client_count == 0
    assert not index.match("HIGH", "api", "timeout")
    assert list(index) == list(index.rules()) == []


@pytest.mark.parametrize("rules", [None, 5, len])
def test_build_refuses_what_is_not_iterable(impl: Implementation, rules: Any) -> None:
    with pytest.raises(TypeError):
        impl.Index.build(rules)


@pytest.mark.parametrize("rule", [GOOD[:4], (*GOOD, "more"), list(GOOD), "abcde", None, 5, ()])
def test_a_rule_is_a_tuple_of_five(impl: Implementation, rule: Any) -> None:
    error = refusal(impl, [GOOD, rule])
    assert isinstance(error, RuleTypeError)
    assert (error.position, error.field, error.reason) == (1, None, "is not a tuple of 5 fields")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("value", "kind"), [(5, "int"), (None, "NoneType"), (b"api", "bytes"), (1.5, "float")])
def test_a_field_is_a_str(impl: Implementation, field: str, value: object, kind: str) -> None:
    error = refusal(impl, [("r0", *GOOD[1:]), with_field(GOOD, field, value)])
    assert isinstance(error, RuleTypeError)
    assert (error.position, error.field, error.reason) == (1, field, f"must be a str, not {kind}")


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_has_no_lone_surrogate(impl: Implementation, field: str) -> None:
    error = refusal(impl, [("r0", *GOOD[1:]), with_field(GOOD, field, "é日\U0001f600\ud800\udfff")])
    assert not isinstance(error, RuleTypeError)
    assert (error.position, error.field, error.reason) == (1, field, "has a lone surrogate at character 3")


@pytest.mark.parametrize("field", ["rule_id", "client_id"])
def test_an_id_is_not_empty(impl: Implementation, field: str) -> None:
    error = refusal(impl, [("r0", *GOOD[1:]), with_field(GOOD, field, "")])
    assert not isinstance(error, RuleTypeError)
    assert (error.position, error.field, error.reason) == (1, field, "must not be empty")


@pytest.mark.parametrize("field", ["severity", "source", "name"])
def test_an_empty_pattern_matches_the_empty_string_only(impl: Implementation, field: str) -> None:
    index = impl.Index.build([with_field(GOOD, field, "")])
    assert index.any(*with_field(GOOD, field, "")[2:])
    assert not index.any(*GOOD[2:])


def test_a_rule_id_is_unique(impl: Implementation) -> None:
    rules = [("r0", *GOOD[1:]), GOOD, ("r2", *GOOD[1:]), ("r3", *GOOD[1:]), ("r1", "zeta", "*", "*", "*")]
    error = refusal(impl, rules)
    assert not isinstance(error, RuleTypeError)
    assert (error.position, error.field, error.reason) == (4, "rule_id", "'r1' is already the id of rule 1")


def test_a_duplicate_id_is_quoted_as_python_does(impl: Implementation) -> None:
    error = refusal(impl, [("it's\n", *GOOD[1:]), ("it's\n", *GOOD[1:])])
    assert error.reason == '"it\'s\\n" is already the id of rule 0'


def test_of_several_duplicates_the_first_is_told(impl: Implementation) -> None:
    ids = ["a", "b", "c", "b", "a", "b"]
    error = refusal(impl, [(rule_id, *GOOD[1:]) for rule_id in ids])
    assert (error.position, error.reason) == (3, "'b' is already the id of rule 1")


def test_of_a_rules_faults_the_first_field_is_told(impl: Implementation) -> None:
    assert refusal(impl, [("r1", "", 5, "\ud800", "x")]).field == "client_id"
    assert refusal(impl, [("r1", "acme", "\ud800", 5, 5)]).field == "severity"


def test_of_faults_in_several_rules_the_lowest_position_is_told(impl: Implementation) -> None:
    error = refusal(impl, [GOOD, ("r2", "acme", "HIGH", "api", 5), ("", "", "", "", "")])
    assert (error.position, error.field) == (1, "name")


def test_a_fault_in_a_field_is_told_before_a_duplicate(impl: Implementation) -> None:
    assert refusal(impl, [GOOD, GOOD, ("r2", "", "*", "*", "*")]).position == 2


def test_an_error_of_the_iterable_passes_through(impl: Implementation) -> None:
    def broken() -> Any:
        yield GOOD
        raise LookupError("the database is gone")

    with pytest.raises(LookupError, match="the database is gone"):
        impl.Index.build(broken())


def test_the_rules_fields_may_be_subclasses_of_str(impl: Implementation) -> None:
    class Name(str):
        __slots__ = ()

    index = impl.Index.build([tuple(map(Name, GOOD))])
    assert list(index.rules()) == [GOOD]
    assert index.any(*map(Name, GOOD[2:]))


# Versions


def test_the_version_is_zero_unless_given(impl: Implementation) -> None:
    assert impl.Index.build([]).version == 0
    assert impl.Index.build([], version=7).version == 7


@pytest.mark.parametrize("version", [0, 1, 2**31, 2**32, 2**63 - 1])
def test_a_version_is_an_int64(impl: Implementation, version: int) -> None:
    assert impl.Index.build(RULES, version=version).version == version


@pytest.mark.parametrize("version", [-1, 2**63, 2**64, -(2**63), 2**200])
def test_another_number_is_no_version(impl: Implementation, version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        impl.Index.build([], version=version)


@pytest.mark.parametrize("version", [True, 1.0, "1", None])
def test_another_type_is_no_version(impl: Implementation, version: object) -> None:
    with pytest.raises(TypeError, match="version"):
        impl.Index.build([], version=version)


def test_the_version_cannot_be_set(impl: Implementation) -> None:
    with pytest.raises(AttributeError):
        impl.Index.build([]).version = 8


# Matching


def test_match_groups_rules_by_client(view: Any) -> None:
    assert view.match("HIGH", "api", "timeout") == {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}
    assert view.match("LOW", "db", "disk") == {"zeta": ("r5",), "acme": ("r2",)}
    assert view.match("", "", "") == {"zeta": ("r5",)}


def test_clients_come_by_first_appearance_and_rule_ids_ascend(view: Any) -> None:
    assert list(view.match("HIGH", "api", "timeout").items()) == [
        ("zeta", ("r5", "r9")),
        ("acme", ("r1", "r4")),
        ("beta", ("r3",)),
    ]


def test_rule_ids_ascend_by_code_point(impl: Implementation) -> None:
    ids = ["\U0001f600", "\uffff", "é", "z", "Z", "10", "9", "a\0", "a", "ab"]
    index = impl.Index.build([(rule_id, "acme", "*", "*", "*") for rule_id in ids])
    assert index.match("", "", "")["acme"] == tuple(sorted(ids))


def test_a_star_inside_a_longer_pattern_is_ordinary(impl: Implementation) -> None:
    index = impl.Index.build([("r1", "acme", "HIGH", "api*", "**")])
    assert index.any("HIGH", "api*", "**")
    for event in (("HIGH", "api", "**"), ("HIGH", "api1", "**"), ("HIGH", "api*", "*"), ("HIGH", "api*", "x")):
        assert not index.any(*event)


def test_an_events_own_star_is_an_ordinary_value(impl: Implementation) -> None:
    index = impl.Index.build([("r1", "acme", "HIGH", "api", "*"), ("r2", "acme", "HIGH", "api", "timeout")])
    assert index.match("HIGH", "api", "*") == {"acme": ("r1",)}
    assert not index.any("*", "*", "*")
    assert not index.any("*", "api", "timeout")


@pytest.mark.parametrize("other", ["Api", " api", "api ", "ap", "apis", "api\0", "a\u0301pi", ""])
def test_comparison_is_exact(impl: Implementation, other: str) -> None:
    index = impl.Index.build([("r1", "acme", "*", "api", "*"), ("r2", "acme", "*", "*", "ápi")])
    assert index.match("", "api", "") == {"acme": ("r1",)}
    assert not index.any("", other, other)


def test_fields_are_not_confused_with_each_other(impl: Implementation) -> None:
    index = impl.Index.build([("r1", "acme", "a", "b", "c"), ("r2", "acme", "ab", "", "c")])
    assert index.match("a", "b", "c") == {"acme": ("r1",)}
    assert index.match("ab", "", "c") == {"acme": ("r2",)}
    assert not index.any("b", "a", "c")
    assert not index.any("a", "bc", "")


def test_count_and_any(view: Any) -> None:
    assert view.count("HIGH", "api", "timeout") == 5
    assert view.any("HIGH", "api", "timeout") is True
    assert type(view.count("LOW", "db", "disk")) is int


def test_nothing_matches(impl: Implementation) -> None:
    index = impl.Index.build(RULES[:2])
    assert index.count("LOW", "api", "timeout") == 0
    assert index.any("LOW", "api", "timeout") is False
    assert index.match_ordinals("LOW", "api", "timeout") == ()
    assert index.match("LOW", "api", "timeout") == {}
    assert index.explain("LOW", "api", "timeout") == []


def test_ordinals_come_by_client_then_rule(index: Any) -> None:
    assert index.match_ordinals("HIGH", "api", "timeout") == (0, 2, 1, 3, 5)
    assert index.match_ordinals("LOW", "db", "disk") == (2, 4)


@pytest.mark.parametrize("method", ["match", "count", "any", "match_ordinals", "explain"])
@pytest.mark.parametrize(("place", "field"), [*enumerate(["severity", "source", "name"])])
class TestEvents:
    @pytest.mark.parametrize(("value", "kind"), [(5, "int"), (None, "NoneType"), (b"x", "bytes")])
    def test_a_field_is_a_str(self, view: Any, method: str, place: int, field: str, value: object, kind: str) -> None:
        event: list[object] = ["HIGH", "api", "timeout"]
        event[place] = value
        with pytest.raises(TypeError) as caught:
            getattr(view, method)(*event)
        assert str(caught.value) == f"{field} must be a str, not {kind}"

    def test_a_field_has_no_lone_surrogate(self, view: Any, method: str, place: int, field: str) -> None:
        event = ["HIGH", "api", "timeout"]
        event[place] = "ab\U0001f600\udc80"
        with pytest.raises(ValueError, match="surrogate") as caught:
            getattr(view, method)(*event)
        assert str(caught.value) == f"{field} has a lone surrogate at character 3"


@pytest.mark.parametrize("method", ["match", "count", "any", "match_ordinals", "explain"])
@pytest.mark.parametrize("event", [(), ("HIGH",), ("HIGH", "api"), ("HIGH", "api", "timeout", "more")])
def test_an_event_has_three_fields(index: Any, method: str, event: tuple[str, ...]) -> None:
    with pytest.raises(TypeError):
        getattr(index, method)(*event)


def test_an_event_may_be_given_by_name(index: Any) -> None:
    assert index.count(name="disk", source="db", severity="LOW") == 2


# limit= and clients=


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (0, {}),
        (1, {"zeta": ("r9",)}),
        (2, {"zeta": ("r5", "r9")}),
        (3, {"zeta": ("r5", "r9"), "acme": ("r1",)}),
        (5, {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}),
        (10**30, {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}),
        (None, {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}),
    ],
)
def test_a_limit_takes_the_first_by_ordinals(view: Any, limit: int | None, expected: dict[str, Any]) -> None:
    assert view.match("HIGH", "api", "timeout", limit=limit) == expected
    assert len(view.match_ordinals("HIGH", "api", "timeout", limit=limit)) == sum(map(len, expected.values()))


@pytest.mark.parametrize("method", ["match", "match_ordinals"])
@pytest.mark.parametrize(
    ("limit", "error"),
    [(-1, ValueError), (-(10**30), ValueError), ("1", TypeError), (1.0, TypeError), (True, TypeError)],
)
def test_a_limit_is_a_number_of_rules(view: Any, method: str, limit: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="limit"):
        getattr(view, method)("HIGH", "api", "timeout", limit=limit)


@pytest.mark.parametrize("wrap", [list, tuple, set, frozenset, dict.fromkeys])
def test_clients_chooses(view: Any, wrap: Any) -> None:
    event, chosen = ("HIGH", "api", "timeout"), wrap(["beta", "zeta", "nobody", "\ud800"])
    assert list(view.match(*event, clients=chosen).items()) == [("zeta", ("r5", "r9")), ("beta", ("r3",))]
    assert view.count(*event, clients=chosen) == 3
    assert view.any(*event, clients=chosen) is True
    assert [view.rule_id(ordinal) for ordinal in view.match_ordinals(*event, clients=chosen)] == ["r9", "r5", "r3"]


def test_no_client_chosen_is_not_the_same_as_no_choice(view: Any) -> None:
    assert view.match("HIGH", "api", "timeout", clients=[]) == {}
    assert view.count("HIGH", "api", "timeout", clients=()) == 0
    assert view.any("HIGH", "api", "timeout", clients=frozenset()) is False
    assert view.count("HIGH", "api", "timeout", clients=None) == 5


def test_a_client_chosen_twice_counts_once(view: Any) -> None:
    assert view.count("HIGH", "api", "timeout", clients=["acme", "acme"]) == 2


def test_the_limit_counts_the_chosen_clients_rules(view: Any) -> None:
    assert view.match("HIGH", "api", "timeout", clients={"acme", "beta"}, limit=3) == {
        "acme": ("r1", "r4"),
        "beta": ("r3",),
    }


@pytest.mark.parametrize("method", ["match", "count", "any", "match_ordinals"])
@pytest.mark.parametrize("clients", ["acme", 5])
def test_clients_is_a_collection_and_no_str(view: Any, method: str, clients: Any) -> None:
    with pytest.raises(TypeError):
        getattr(view, method)("HIGH", "api", "timeout", clients=clients)


# What an index holds


def test_len_iteration_and_rules_are_in_ordinal_order(view: Any) -> None:
    assert len(view) == 6
    assert list(view) == ["r9", "r1", "r5", "r4", "r2", "r3"]
    assert list(view.rules()) == list(RULES)
    assert all(type(rule) is Rule for rule in view.rules())


def test_in_looks_for_a_rule_id(view: Any) -> None:
    assert "r9" in view
    assert "r3" in view
    assert "acme" not in view
    assert "" not in view


@pytest.mark.parametrize("key", [5, None, b"r9", ("r9",), RULES[0], "\ud800"])
def test_in_is_false_for_what_cannot_be_a_rule_id(view: Any, key: object) -> None:
    assert key not in view


def test_ordinals_have_names(view: Any) -> None:
    assert [view.rule_id(ordinal) for ordinal in range(6)] == [rule.rule_id for rule in RULES]
    assert [view.client_id(ordinal) for ordinal in range(view.client_count)] == ["zeta", "acme", "beta"]


@pytest.mark.parametrize("ordinal", [-1, 6, 2**31, 2**32, 2**64, -(2**70)])
def test_other_ordinals_have_none(view: Any, ordinal: int) -> None:
    with pytest.raises(IndexError):
        view.rule_id(ordinal)
    with pytest.raises(IndexError):
        view.client_id(ordinal)


def test_an_ordinal_is_an_int(index: Any) -> None:
    with pytest.raises(TypeError):
        index.rule_id("0")
    with pytest.raises(TypeError):
        index.client_id("0")


def test_indexes_are_equal_when_their_rules_are(impl: Implementation) -> None:
    index = impl.Index.build(RULES, version=7)
    assert index == impl.Index.build(reversed(RULES), version=8)
    assert (index != impl.Index.build(RULES)) is False
    assert index != impl.Index.build(RULES[1:])
    assert index != impl.Index.build([*RULES[1:], RULES[0]._replace(name="x")])
    assert index != impl.Index.build([*RULES[1:], RULES[0]._replace(rule_id="r8")])
    assert impl.Index.build([]) == impl.Index.build([], version=1)


def test_an_index_equals_nothing_else(index: Any) -> None:
    assert index != list(RULES)
    assert index is not None
    assert index.__eq__(5) is NotImplemented


def test_an_index_is_not_hashable(index: Any) -> None:
    with pytest.raises(TypeError):
        hash(index)


def test_repr_tells_size_and_version(impl: Implementation) -> None:
    index = impl.Index.build(RULES, version=7)
    assert repr(index) == f"<matchcore.Index 6 rules, 3 clients, {index.nbytes} bytes, version 7>"
    assert repr(impl.LiveIndex(index).reader()).startswith("<matchcore.View 6 rules, ")


def test_an_index_says_how_large_it_is(impl: Implementation) -> None:
    small, large = (
        impl.Index.build([(f"r{n}" * 10, "acme", "*", f"s{n}", "*") for n in range(size)]) for size in (10, 5_000)
    )
    assert 0 < small.nbytes < large.nbytes
    assert large.nbytes >= sum(len(rule_id) for rule_id in large)
    assert large.__sizeof__() >= large.nbytes


def test_an_index_is_a_view(impl: Implementation, index: Any) -> None:
    assert isinstance(index, impl.View)
    assert type(index) is impl.Index


def test_match_does_not_keep_the_caller_waiting_for_an_iterator(view: Any) -> None:
    rules = view.rules()
    assert iter(rules) is rules
    assert next(rules) == RULES[0]
    assert len(list(rules)) == 5
