import pytest

from alerting.ingest import fingerprint as module
from alerting.ingest.fingerprint import fingerprint, stable_id

LABELS = {"alertname": "HighCPU", "node": "n1", "severity": "critical", "source": "api"}


def test_known_vector() -> None:
    assert fingerprint(LABELS) == "d404f101961ce5c6"


def test_order_does_not_matter() -> None:
    assert fingerprint(dict(reversed(LABELS.items()))) == fingerprint(LABELS)


def test_labels_that_are_left_out() -> None:
    assert fingerprint(LABELS | {"replica": "a"}, without=("replica", "prometheus_replica")) == fingerprint(LABELS)
    assert fingerprint(LABELS | {"replica": "a"}) != fingerprint(LABELS)


def test_no_labels_is_the_offset() -> None:
    assert fingerprint({}) == "cbf29ce484222325"


def test_names_sort_by_their_bytes() -> None:
    # By UTF-16 units, the second would come first.
    assert fingerprint({"\uffff": "a", "\U00010000": "b"}) == fingerprint({"\U00010000": "b", "\uffff": "a"})


@pytest.mark.parametrize("others", [("a", "b", "d"), ("a", "c", "b"), ("ab", "c"), ("a", "bc")])
def test_stable_id_tells_parts_apart(others: tuple[str, ...]) -> None:
    assert stable_id("a", "b", "c") == stable_id("a", "b", "c")
    assert stable_id(*others) != stable_id("a", "b", "c")


def test_long_labels_have_one_too_and_are_not_remembered() -> None:
    labels = {"a": "x" * 100_000}
    kept = module._remembered.cache_info().currsize
    assert fingerprint(labels) == fingerprint(labels) != fingerprint({"a": "x" * 100_001})
    assert module._remembered.cache_info().currsize == kept
