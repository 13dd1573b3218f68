import pytest

from alerting.sender.breaker import MOST_IN_A_ROW, WINDOW
from alerting.sender.delivery import Address, DeliveryError
from alerting.sender.gate import MOST_HOLD, Gate
from alerting.sender.rate_limit import Rate
from fix_clock import FakeClock
from fix_delivery import make_delivery

HOOK = make_delivery(client_id="acme", type="webhook", value="https://a.example/")
MAIL = make_delivery(client_id="acme", type="email", value="a@example.com")
SLACK = make_delivery(client_id="acme", type="slack", value="https://slack.example/1")
NO = DeliveryError("no")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gate(clock: FakeClock) -> Gate:
    return Gate(
        clock,
        first_open=30.0,
        most_open=60.0,
        channel_rates={"email": Rate(per_second=1, burst=2)},
        receiver_rates={"slack": Rate(per_second=1, burst=1)},
    )


def fail(gate: Gate, address: Address, times: int = MOST_IN_A_ROW) -> None:
    for _ in range(times):
        gate.record(address, NO)


def test_a_receiver_that_is_not_known_is_asked(gate: Gate) -> None:
    assert gate.wait(HOOK.address) == 0.0
    assert gate.admit(HOOK) == 0.0


def test_a_failing_receiver_is_its_own_clients_only(gate: Gate, clock: FakeClock) -> None:
    fail(gate, HOOK.address)
    assert gate.wait(HOOK.address) == 30.0
    assert gate.admit(HOOK) >= 30.0
    for other in (HOOK._replace(client_id="other"), HOOK._replace(value="https://b.example/")):
        assert gate.admit(other) == 0.0
    clock.advance(30)
    assert gate.admit(HOOK) == 0.0
    assert gate.admit(HOOK) > 0.0
    gate.record(HOOK.address, None)
    assert gate.admit(HOOK) == 0.0


def test_what_is_put_off_comes_back_one_by_one(gate: Gate) -> None:
    fail(gate, HOOK.address)
    waits = [gate.put_off(HOOK.address, 30.0) for _ in range(1_000)]
    assert waits == sorted(waits)
    assert waits[0] == 30.0
    assert waits[-1] == pytest.approx(32.0, abs=0.01)


def test_a_channels_rate_is_for_all_its_receivers_and_no_other_channels(gate: Gate) -> None:
    mails = [MAIL._replace(value=f"{letter}@example.com") for letter in "abcd"]
    assert [gate.admit(mail) for mail in mails] == [0.0, 0.0, 1.0, 2.0]
    assert gate.admit(HOOK) == 0.0


def test_a_receivers_rate_is_its_own(gate: Gate) -> None:
    assert [gate.admit(SLACK) for _ in range(2)] == [0.0, 1.0]
    assert gate.admit(SLACK._replace(value="https://slack.example/2")) == 0.0


def test_a_probe_waits_for_its_channels_rate_without_being_lost(gate: Gate, clock: FakeClock) -> None:
    for _ in range(2):
        gate.admit(HOOK._replace(type="email"))
    fail(gate, MAIL.address)
    clock.advance(30)
    for _ in range(2):
        gate.admit(MAIL._replace(value="b@example.com"))
    assert gate.admit(MAIL) == 1.0
    clock.advance(1)
    assert gate.admit(MAIL._replace(waited=True)) == 0.0


def test_a_receiver_that_asks_for_silence_has_it_to_a_bound(gate: Gate, clock: FakeClock) -> None:
    gate.record(HOOK.address, DeliveryError("no", retry_after=90.0))
    clock.advance(80)
    assert gate.wait(HOOK.address) == pytest.approx(10.0)
    gate.record(HOOK.address, DeliveryError("no", retry_after=1e9))
    assert gate.wait(HOOK.address) == pytest.approx(MOST_HOLD)


def test_a_clock_that_jumps_an_hour_changes_nothing(gate: Gate, clock: FakeClock) -> None:
    fail(gate, HOOK.address)
    clock.jump(3_600)
    assert gate.wait(HOOK.address) == 30.0
    clock.jump(-7_200)
    assert gate.wait(HOOK.address) == 30.0


def test_receivers_that_were_not_heard_of_are_forgotten(
    gate: Gate, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerting.sender.gate.MOST_RECEIVERS", 50)
    hooks = [HOOK._replace(value=f"https://{number}.example/") for number in range(300)]
    for hook in hooks[:200]:
        gate.record(hook.address, None)
    assert len(gate) == 50
    clock.advance(WINDOW + 60)
    for hook in hooks[200:]:
        gate.admit(hook)
    assert len(gate) == 1
