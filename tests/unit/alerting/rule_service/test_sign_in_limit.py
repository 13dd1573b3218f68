import pytest

from alerting.rule_service.sign_in_limit import MOST_FAILURES, MOST_PEERS, SignInLimit, peer_of
from alerting.runtime.problem import Problem
from fix_clock import FakeClock


def refused(limit: SignInLimit, host: str) -> int | None:
    """Try once; return for how many seconds the peer has to wait, if it does."""
    try:
        limit.begin(host)
    except Problem as problem:
        return int((problem.headers or {})["retry-after"]) if problem.status == 429 else -1
    return None


def test_ten_failures_a_minute_are_too_many() -> None:
    clock = FakeClock()
    limit = SignInLimit(clock)
    for _ in range(MOST_FAILURES):
        assert refused(limit, "192.0.2.1") is None
        clock.advance(1)
    assert refused(limit, "192.0.2.1") == 50
    assert refused(limit, "192.0.2.2") is None, "another peer is not concerned"
    clock.advance(49.5)
    assert refused(limit, "192.0.2.1") == 1
    clock.advance(0.5)
    assert refused(limit, "192.0.2.1") is None, "the first failure is a minute old"
    assert refused(limit, "192.0.2.1") == 1


def test_a_refused_try_makes_the_wait_no_longer() -> None:
    clock = FakeClock()
    limit = SignInLimit(clock)
    for _ in range(MOST_FAILURES + 50):
        refused(limit, "192.0.2.1")
    clock.advance(60)
    assert refused(limit, "192.0.2.1") is None


def test_what_was_no_failure_does_not_count() -> None:
    limit = SignInLimit(FakeClock())
    for _ in range(100):
        assert refused(limit, "192.0.2.1") is None
        limit.take_back("192.0.2.1")
    for _ in range(MOST_FAILURES):
        assert refused(limit, "192.0.2.1") is None
    assert refused(limit, "192.0.2.1") == 60
    limit.take_back("192.0.2.9")


def test_many_at_once_are_no_way_around_it() -> None:
    limit = SignInLimit(FakeClock())
    assert [refused(limit, "192.0.2.1") is None for _ in range(30)].count(True) == MOST_FAILURES


def test_it_remembers_no_more_than_so_many_peers() -> None:
    limit = SignInLimit(FakeClock())
    for _ in range(MOST_FAILURES):
        limit.begin("a")
    for number in range(MOST_PEERS - 1):
        limit.begin(str(number))
    assert refused(limit, "a") == 60
    for number in range(MOST_PEERS):
        limit.begin(f"more {number}")
    assert len(limit._tries) == MOST_PEERS
    assert refused(limit, "a") is None


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002::"),
        ("2001:db8:1:2::", "20010db800010002::"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_a_network_of_ipv6_is_one_peer(host: str, peer: str) -> None:
    assert peer_of(host) == peer.lstrip("0")
