"""A run in which a promise was broken has to be told as one."""

from typing import Any

import pytest

from benches.reliability.ledger import Answer, Arrival, Fault, Ledger, Window
from benches.reliability.verdict import Notification, Verdict, judge, recoveries

TENANTS = ("good", "bad")
DONE = [Notification(tenant, "a", "SENT") for tenant in TENANTS]


def arrival(tenant: str = "good", *, at: float = 10.0, key: str = "k", answer: Answer = "taken") -> Arrival:
    return Arrival(at, tenant, "a", f"{tenant}-{key}", 1, answer)


def verdict(
    arrivals: list[Arrival], notifications: list[Notification] = DONE, windows: tuple[Window, ...] = (), **more: Any
) -> Verdict:
    ledger = Ledger(accepted={"a": 1.0}, arrivals=arrivals, windows=list(windows), garbage={"alerts.new": [b"x", b"x"]})
    given = {"dead_letters": {"alerts.new": [b"x", b"x"]}, "lag": 0, **more}
    return judge(ledger, notifications, tenants=TENANTS, healthy=("good",), **given)


def test_a_run_that_went_well() -> None:
    found = verdict([arrival(), arrival("bad", answer="refused"), arrival("bad")])
    assert found.broken == []
    assert (found.retried, found.repeated) == (1, 0)


@pytest.mark.parametrize(
    ("arrivals", "notifications", "more", "what"),
    [
        ([arrival()], DONE[:1], {}, "lost alerts: 1, such as a for bad"),
        ([], DONE, {}, "undelivered alerts: 1, such as a for good"),
        ([arrival(answer="refused")], DONE, {}, "undelivered alerts: 1"),
        ([arrival()], [*DONE, DONE[0]], {}, "notified twice: 1"),
        ([arrival()], [DONE[0], DONE[1]._replace(status="RECEIVED")], {}, "unfinished notifications: 1"),
        ([arrival(), arrival()], DONE, {}, "unexplained repetitions: 1"),
        ([arrival(), arrival(key="other", answer="refused")], DONE, {}, "different keys for one delivery: 1"),
        ([arrival()], DONE, {"dead_letters": {"alerts.new": [b"x", b"y"]}}, "garbage that is in no dead letters: 1"),
        ([arrival()], DONE, {"lag": 3}, "messages left in the topics: 3"),
    ],
)
def test_what_was_broken_is_said(
    arrivals: list[Arrival], notifications: list[Notification], more: dict[str, Any], what: str
) -> None:
    broken = verdict(arrivals, notifications, **more).broken
    assert [each for each in broken if each.startswith(what)]


@pytest.mark.parametrize(
    ("windows", "explained"),
    [
        ([Window(Fault("kill", "sender"), 11.0, 11.0)], True),
        ([Window(Fault("freeze", "sender", 5.0), 8.0, 13.0)], True),
        ([Window(Fault("kill", "sender"), 20.0, 20.0)], False),
        ([Window(Fault("kill", "evaluator"), 10.0, 10.0)], False),
        ([Window(Fault("cut off", "postgres", 5.0), 9.0, 14.0)], False),
        # While the database was away the results were in the memory of the sender that was killed.
        ([Window(Fault("cut off", "postgres", 5.0), 9.0, 14.0), Window(Fault("kill", "sender"), 16.0, 16.0)], True),
    ],
)
def test_a_repetition_needs_a_fault_that_hid_the_answer(windows: list[Window], explained: bool) -> None:
    found = verdict([arrival(), arrival(at=30.0)], windows=tuple(windows))
    assert found.repeated == 1
    assert (found.unexplained == []) == explained


def test_recovery_lasts_until_nothing_is_late() -> None:
    kill = Window(Fault("kill", "kafka"), 10.0, 10.0)
    calm = Window(Fault("kill", "metrics"), 50.0, 50.0)
    accepted = {"before": 9.0, "during": 12.0, "after": 30.0, "later": 51.0}
    arrived = {"before": 9.1, "during": 20.0, "after": 30.2, "later": 51.5}
    arrivals = [Arrival(at, "good", alert_id, alert_id, 1, "taken") for alert_id, at in arrived.items()]
    ledger = Ledger(accepted=accepted, arrivals=arrivals, windows=[kill, calm])
    assert recoveries(ledger, ("good",)) == [(kill, 10.0), (calm, 1.5)]
