"""`LiveIndex`: changes, versions, readers."""

from typing import Any

import pytest

from fix_impl import Implementation
from fix_rules import RULES
from matchcore import Rule, RuleError, RuleTypeError

EVENT = ("HIGH", "api", "timeout")


@pytest.fixture
def live(impl: Implementation) -> Any:
    """`RULES` as the base, at version 7."""
    return impl.LiveIndex(impl.Index.build(RULES, version=7))


def rule(rule_id: str, client_id: str = "acme", severity: str = "*", source: str = "*", name: str = "*") -> Rule:
    """Return a rule that matches everything unless told otherwise."""
    return Rule(rule_id, client_id, severity, source, name)


# Starting


def test_it_starts_empty_at_version_zero(impl: Implementation) -> None:
    live = impl.LiveIndex()
    assert (len(live), live.version, list(live)) == (0, 0, [])
    assert impl.LiveIndex(None).version == 0


def test_it_starts_with_an_index_and_its_version(live: Any) -> None:
    assert (len(live), live.version) == (6, 7)
    assert list(live.rules()) == list(RULES)


@pytest.mark.parametrize("index", [5, "index", [], list(RULES)])
def test_it_starts_with_nothing_else(impl: Implementation, index: Any) -> None:
    with pytest.raises(TypeError):
        impl.LiveIndex(index)


def test_it_answers_as_a_view_does(live: Any, index: Any) -> None:
    assert live.match(*EVENT) == index.match(*EVENT)
    assert live.match(*EVENT, limit=2) == index.match(*EVENT, limit=2)
    assert live.match(*EVENT, clients=["acme"]) == index.match(*EVENT, clients=["acme"])
    assert live.count(*EVENT) == 5
    assert live.any(*EVENT) is True
    assert live.match_ordinals(*EVENT) == index.match_ordinals(*EVENT)
    assert list(live.match_batch(["HIGH"], ["api"], ["timeout"])) == [index.match(*EVENT)]
    assert live.explain(*EVENT) == index.explain(*EVENT)
    assert live.rule_id(0) == "r9"
    assert live.client_id(0) == "zeta"
    assert "r9" in live
    assert 5 not in live
    assert repr(live) == "<matchcore.LiveIndex 6 rules, version 7>"


def test_it_tells_the_faults_that_a_view_tells(live: Any) -> None:
    with pytest.raises(TypeError, match=r"^source must be a str, not int$"):
        live.match("HIGH", 5, "timeout")
    with pytest.raises(ValueError, match=r"^names\[0\] has a lone surrogate at character 0$"):
        live.match_batch(["a"], ["b"], ["\ud800"])
    with pytest.raises(ValueError, match="limit"):
        live.match(*EVENT, limit=-1)
    with pytest.raises(IndexError):
        live.rule_id(100)


# Changing


def test_a_new_rule_matches(live: Any) -> None:
    live.apply([rule("r7", "beta", "HIGH")])
    assert live.match(*EVENT)["beta"] == ("r3", "r7")
    assert "r7" in live
    assert len(live) == 7


def test_a_deleted_rule_does_not(live: Any) -> None:
    live.apply(deletes=["r9", "r4"])
    assert live.match(*EVENT) == {"zeta": ("r5",), "acme": ("r1",), "beta": ("r3",)}
    assert "r9" not in live
    assert list(live) == ["r1", "r5", "r2", "r3"]


def test_a_deleted_rule_of_the_overlay_does_not(live: Any) -> None:
    live.apply([rule("r7"), rule("r8")])
    live.apply(deletes=["r7"])
    assert live.match(*EVENT)["acme"] == ("r1", "r4", "r8")
    assert list(live)[-1] == "r8"


def test_a_client_without_rules_does_not_match(live: Any) -> None:
    live.apply(deletes=["r3"])
    assert "beta" not in live.match(*EVENT)
    assert len(live.match(*EVENT)) == 2


@pytest.mark.parametrize("rule_id", ["r100", "", "acme", "*"])
def test_deleting_what_is_not_there_is_no_error(live: Any, rule_id: str) -> None:
    for _ in range(3):
        live.apply(deletes=[rule_id, rule_id])
    assert len(live) == 6


def test_deleting_twice_is_no_error(live: Any) -> None:
    live.apply(deletes=["r9", "r9"])
    live.apply(deletes=["r9"])
    assert len(live) == 5


def test_an_upsert_replaces_the_pattern(live: Any) -> None:
    live.apply([rule("r1", "acme", "LOW", "db", "disk")])
    assert live.match(*EVENT)["acme"] == ("r4",)
    assert live.match("LOW", "db", "disk")["acme"] == ("r1", "r2")
    assert len(live) == 6


def test_an_upsert_replaces_an_upsert(live: Any) -> None:
    live.apply([rule("r7", name="old")])
    live.apply([rule("r7", name="new")])
    assert live.match("", "", "old") == {"zeta": ("r5",)}
    assert live.match("", "", "new")["acme"] == ("r7",)
    assert len(live) == 7


def test_an_upsert_may_move_a_rule_to_another_client(live: Any) -> None:
    live.apply([rule("r1", "omega")])
    assert live.match(*EVENT) == {"zeta": ("r5", "r9"), "acme": ("r4",), "beta": ("r3",), "omega": ("r1",)}


def test_a_deleted_rule_may_come_back(live: Any) -> None:
    live.apply(deletes=["r1"])
    live.apply([RULES[1]])
    assert live.match(*EVENT)["acme"] == ("r1", "r4")
    assert len(live) == 6


def test_deletes_come_before_upserts(live: Any) -> None:
    live.apply([rule("r1", "acme", name="new")], ["r1"])
    assert "r1" in live
    assert live.match("", "", "new")["acme"] == ("r1",)


def test_of_upserts_with_one_id_the_last_counts(live: Any) -> None:
    live.apply([rule("r7", name="first"), rule("r8"), rule("r7", name="second")])
    assert live.match("", "", "first")["acme"] == ("r8",)
    assert live.match("", "", "second")["acme"] == ("r7", "r8")
    assert len(live) == 8


def test_apply_takes_any_iterables_and_plain_tuples(live: Any) -> None:
    live.apply((tuple(rule(f"n{n}")) for n in range(3)), iter(["r1", "r2"]))
    assert list(live) == ["r9", "r5", "r4", "r3", "n0", "n1", "n2"]
    live.apply((), {"n0", "n1"})
    assert len(live) == 5


def test_order_is_base_then_overlay(live: Any) -> None:
    live.apply([rule("b"), rule("r5", "zeta"), rule("a")])
    assert list(live) == ["r9", "r1", "r4", "r2", "r3", "b", "r5", "a"]
    assert [entry.rule_id for entry in live.rules()] == list(live)


def test_ordinals_name_rules_in_base_and_overlay(live: Any) -> None:
    live.apply([rule("b", "omega"), rule("a", "acme")], ["r5"])
    ordinals = live.match_ordinals(*EVENT)
    assert [live.rule_id(ordinal) for ordinal in ordinals] == ["r9", "r1", "r4", "a", "r3", "b"]
    assert live.client_id(0) == "zeta"
    assert live.client_id(3) == "omega"


def test_rule_ids_ascend_over_base_and_overlay(live: Any) -> None:
    live.apply([rule("r0"), rule("r3x"), rule("r9")])
    assert live.match(*EVENT)["acme"] == ("r0", "r1", "r3x", "r4", "r9")


def test_the_limit_takes_the_base_first(live: Any) -> None:
    live.apply([rule("r0", "zeta")])
    assert live.match(*EVENT, limit=2) == {"zeta": ("r5", "r9")}
    assert live.match(*EVENT, limit=3) == {"zeta": ("r0", "r5", "r9")}


def test_nothing_to_change_is_a_version_too(live: Any) -> None:
    live.apply()
    assert (live.version, len(live)) == (8, 6)


# Versions


def test_the_next_version_is_one_more(live: Any) -> None:
    live.apply([rule("r7")])
    assert live.version == 8


def test_a_version_may_be_given(live: Any) -> None:
    live.apply([rule("r7")], version=2**40)
    assert live.version == 2**40
    live.apply(version=2**63 - 1)
    assert live.version == 2**63 - 1


@pytest.mark.parametrize("version", [7, 6, 0, -1, 2**63])
def test_a_version_is_greater_than_the_current(live: Any, version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        live.apply([rule("r7")], version=version)
    assert (live.version, len(live)) == (7, 6)


@pytest.mark.parametrize("version", ["8", 8.0, True])
def test_a_version_is_an_int(live: Any, version: Any) -> None:
    with pytest.raises(TypeError, match="version"):
        live.apply([rule("r7")], version=version)
    assert (live.version, len(live)) == (7, 6)


def test_after_the_last_version_there_is_none(live: Any) -> None:
    live.apply(version=2**63 - 1)
    with pytest.raises(ValueError, match="version"):
        live.apply([rule("r7")])
    assert len(live) == 6


# Faults


@pytest.mark.parametrize(
    ("upserts", "position", "field", "reason"),
    [
        ([rule("a"), rule("b"), rule("", "acme")], 2, "rule_id", "must not be empty"),
        ([rule("a"), rule("b", "")], 1, "client_id", "must not be empty"),
        ([rule("a"), rule("b", source="abc\ud800")], 1, "source", "has a lone surrogate at character 3"),
    ],
)
def test_an_upsert_at_fault_changes_nothing(live: Any, upserts: Any, position: int, field: str, reason: str) -> None:
    with pytest.raises(RuleError) as caught:
        live.apply(upserts, ["r1"], version=9)
    error = caught.value
    assert (error.position, error.field, error.reason) == (position, field, reason)
    assert list(live.rules()) == list(RULES)
    assert live.version == 7


@pytest.mark.parametrize(
    ("upsert", "field", "reason"),
    [
        (("a", "acme", 5, "*", "*"), "severity", "must be a str, not int"),
        (("a", "acme"), None, "is not a tuple of 5 fields"),
        ("abcde", None, "is not a tuple of 5 fields"),
    ],
)
def test_an_upsert_of_another_type_changes_nothing(live: Any, upsert: Any, field: str | None, reason: str) -> None:
    with pytest.raises(RuleTypeError) as caught:
        live.apply([rule("a"), upsert], ["r1"])
    error = caught.value
    assert (error.position, error.field, error.reason) == (1, field, reason)
    assert list(live.rules()) == list(RULES)
    assert live.version == 7


@pytest.mark.parametrize(
    ("deletes", "error", "text"),
    [
        (["r1", "r2", 5], TypeError, "deletes[2] must be a str, not int"),
        (["r1", None], TypeError, "deletes[1] must be a str, not NoneType"),
        (["r1", "r2", "abc\ud800"], ValueError, "deletes[2] has a lone surrogate at character 3"),
    ],
)
def test_a_delete_at_fault_changes_nothing(live: Any, deletes: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        live.apply([rule("a")], deletes)
    assert str(caught.value) == text
    assert list(live.rules()) == list(RULES)
    assert live.version == 7


def test_an_iterable_that_fails_changes_nothing(live: Any) -> None:
    def broken() -> Any:
        yield rule("a")
        raise LookupError("the stream is gone")

    with pytest.raises(LookupError, match="the stream is gone"):
        live.apply(broken(), ["r1"])
    assert list(live.rules()) == list(RULES)


@pytest.mark.parametrize(("upserts", "deletes"), [(5, ()), (None, ()), ((), 5)])
def test_what_is_not_iterable_changes_nothing(live: Any, upserts: Any, deletes: Any) -> None:
    with pytest.raises(TypeError):
        live.apply(upserts, deletes)
    assert live.version == 7


# Readers


def test_a_reader_is_a_view_of_now(impl: Implementation, live: Any) -> None:
    reader = live.reader()
    assert isinstance(reader, impl.View)
    assert (reader.version, len(reader)) == (7, 6)
    live.apply([rule("r7")], ["r1", "r9"])
    live.compact()
    assert (reader.version, len(reader)) == (7, 6)
    assert list(reader.rules()) == list(RULES)
    assert reader.match(*EVENT) == {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}
    assert (live.reader().version, len(live.reader())) == (8, 5)


def test_matches_and_iterators_are_of_one_version(live: Any) -> None:
    matches, rules, ids = live.match(*EVENT), live.rules(), iter(live)
    batch = live.match_batch(["HIGH"], ["api"], ["timeout"])
    live.apply((), list(live))
    live.compact()
    assert len(live) == 0
    assert matches == batch[0] == {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}
    assert list(rules) == list(RULES)
    assert list(ids) == [entry.rule_id for entry in RULES]


def test_a_reader_outlives_its_index(impl: Implementation) -> None:
    reader = impl.LiveIndex(impl.Index.build(RULES)).reader()
    assert reader.count(*EVENT) == 5


def test_a_reader_cannot_be_changed(live: Any) -> None:
    assert not hasattr(live.reader(), "apply")


def test_the_base_is_not_changed(impl: Implementation) -> None:
    base = impl.Index.build(RULES, version=7)
    live = impl.LiveIndex(base)
    live.apply([rule("r7")], ["r1"])
    live.compact()
    assert list(base.rules()) == list(RULES)
    assert base.version == 7


# Compaction


def test_compact_returns_an_index_of_the_same_version(impl: Implementation, live: Any) -> None:
    live.apply([rule("b", "omega"), rule("r5", "zeta", name="x")], ["r9"], version=20)
    before = list(live.rules())
    index = live.compact()
    assert type(index) is impl.Index
    assert index.version == live.version == 20
    assert list(index.rules()) == list(live.rules()) == before
    assert index == impl.Index.build(before)


def test_compact_renumbers(live: Any) -> None:
    live.apply([rule("b", "omega")], ["r9", "r5"])
    index = live.compact()
    assert [index.rule_id(ordinal) for ordinal in range(5)] == ["r1", "r4", "r2", "r3", "b"]
    assert [index.client_id(ordinal) for ordinal in range(3)] == ["acme", "beta", "omega"]
    assert index.client_count == 3
    assert live.match_ordinals(*EVENT) == index.match_ordinals(*EVENT) == (0, 1, 3, 4)


def test_changes_go_on_after_compact(live: Any) -> None:
    live.apply([rule("b")], ["r9"])
    live.compact()
    live.apply([rule("c"), rule("r9", "zeta")], ["b"])
    assert list(live) == ["r1", "r5", "r4", "r2", "r3", "c", "r9"]
    assert live.version == 9


def test_compacting_nothing(impl: Implementation) -> None:
    live = impl.LiveIndex()
    assert len(live.compact()) == 0
    live.apply([rule("a")])
    live.apply(deletes=["a"])
    assert len(live.compact()) == 0
    assert live.version == 2


def test_many_changes(impl: Implementation) -> None:
    live = impl.LiveIndex(impl.Index.build([rule(f"b{n}", f"c{n % 5}", source=f"s{n}") for n in range(200)]))
    for n in range(200):
        live.apply([rule(f"n{n}", f"c{n % 7}", source=f"s{n}")], [f"b{n}"])
        if n % 50 == 49:
            live.compact()
    assert len(live) == 200
    assert [live.match("", f"s{n}", "").rules() for n in range(200)] == [[f"n{n}"] for n in range(200)]


def test_the_size_counts_base_overlay_and_what_is_kept(compiled: Implementation) -> None:
    index = compiled.Index.build([(f"r{n}", f"client-{n}", "*", "*", "*") for n in range(500)])
    live = compiled.LiveIndex(index)
    sizes = [live.__sizeof__()]
    live.apply([("new", "acme", "*", "*", "*")])
    sizes.append(live.__sizeof__())
    assert index.nbytes <= sizes[0] < sizes[1]
    assert compiled.Index.from_buffer(index.to_bytes()).__sizeof__() < index.nbytes < index.__sizeof__()
