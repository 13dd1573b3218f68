from alerting.sender.delivery import Attempted, Result
from alerting.sender.receiver_health import Health, health_of
from fix_delivery import make_delivery

A = make_delivery(value="https://a.example/")
B = make_delivery(value="https://b.example/")
MADE = Attempted(0.0, 0.1, 500, "")


def failed(error: str = "no", attempted: Attempted | None = MADE) -> Result:
    return Result(A, "PENDING", 5.0, error, attempted=attempted)


def test_failures_are_counted_for_each_receiver() -> None:
    health = health_of([failed("one"), Result(B, "DELIVERED", attempted=MADE), failed("two")])
    assert health == {A.address: Health(failures=2, error="two"), B.address: Health(recovered=True)}


def test_a_success_ends_what_was_before_it_and_not_what_is_after() -> None:
    success = Result(A, "DELIVERED", attempted=MADE)
    opened = failed(attempted=MADE._replace(open_for=30.0))
    assert health_of([opened, success]) == {A.address: Health(recovered=True, error="no")}
    assert health_of([success, opened]) == {A.address: Health(recovered=True, failures=1, error="no", open_for=30.0)}


def test_what_says_nothing_about_the_receiver_is_left_out() -> None:
    assert health_of([failed(attempted=None), failed(attempted=MADE._replace(ours=True))]) == {}


def test_gone_is_gone() -> None:
    assert health_of([failed(attempted=MADE._replace(gone=True)), failed()])[A.address].gone
