import pytest

from alerting.evaluator import rules as module
from alerting.evaluator.rules import LEAST_CHANGES, Rules
from alerting.rule_set.changes import ChangeSet
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock
from matchcore import Index

RULE = ("r1", "acme", "HIGH", "api", "*")


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(FakeClock())


@pytest.fixture
def rules(telemetry: Telemetry) -> Rules:
    return Rules(telemetry)


async def test_there_are_no_rules_before_some_are_loaded(rules: Rules) -> None:
    assert rules.current is None
    assert not rules.wait(0)
    with pytest.raises(Unavailable, match="no rule set"):
        _ = rules.router
    with pytest.raises(Unavailable):
        await rules.check()


async def test_no_rules_are_rules_once_they_are_loaded(rules: Rules, telemetry: Telemetry) -> None:
    rules.replace(Index.build([], version=0), "h")
    assert rules.wait(0)
    assert rules.router.route_batch([b"\x0a\x02a1"]) == [[]]
    await rules.check()
    assert telemetry.rules_version == 0


def test_changes_lead_from_version_to_version(rules: Rules, telemetry: Telemetry) -> None:
    rules.replace(Index.build([RULE], version=7), "h")
    router = rules.router
    rules.apply(8, ChangeSet([("r2", "zeta", "*", "*", "*")], ["r1"]))
    assert rules.current is not None
    assert rules.current.version == telemetry.rules_version == 8
    assert [client for client, _ in router.route(b"\x0a\x02a1\x20\x03\x2a\x03api")] == [b"zeta"]


def test_a_base_of_another_history_may_be_older(rules: Rules, telemetry: Telemetry) -> None:
    rules.replace(Index.build([RULE], version=7), "h")
    rules.replace(Index.build([], version=3), "other")
    assert rules.current is not None
    assert (rules.current.version, rules.current.history) == (3, "other")
    assert telemetry.rules_version == 3


def test_a_rule_that_matchcore_does_not_take_changes_nothing(rules: Rules) -> None:
    rules.replace(Index.build([RULE], version=7), "h")
    with pytest.raises(Malformed):
        rules.apply(8, ChangeSet([("r2", "acme", "HIGH", "api", "\ud800")], ["r1"]))
    assert rules.current is not None
    assert rules.current.version == 7
    assert set(rules.current.live) == {"r1"}


def test_changes_are_compiled_once_they_are_many(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not rules.compact()
    rules.replace(Index.build([], version=0), "h")
    many = [(f"r{number}", "acme", "HIGH", "api", f"n{number}") for number in range(LEAST_CHANGES)]
    rules.apply(1, ChangeSet(many, []))
    assert not rules.compact()
    rules.apply(2, ChangeSet([RULE], ["r5"]))
    assert rules.compact()
    assert rules.current is not None
    assert rules.current.version == 2
    assert set(rules.current.live) == {rule[0] for rule in many} - {"r5"} | {"r1"}
    assert not rules.compact()
    monkeypatch.setattr(module, "LEAST_CHANGES", 0)
    rules.apply(3, ChangeSet([], [f"r{number}" for number in range(10, 60)]))
    assert rules.compact()


def test_changing_nothing_is_a_fault(rules: Rules) -> None:
    with pytest.raises(RuntimeError):
        rules.apply(1, ChangeSet([], []))
