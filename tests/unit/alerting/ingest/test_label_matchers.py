import pytest

from alerting.ingest.faults import Rejected
from alerting.ingest.label_matchers import expression, matchers

LABELS = {"alertname": "DiskFull", "job": "node", "service.name": "a b", "quoted": 'say "x"\n\\'}


@pytest.mark.parametrize(
    ("written", "passes"),
    [
        (["alertname=DiskFull"], True),
        (['alertname="DiskFull"'], True),
        ([' alertname = "DiskFull" '], True),
        (["alertname=Disk"], False),
        (["alertname!=Disk"], True),
        (["alertname!=DiskFull"], False),
        (["alertname=~Disk"], False),
        (["alertname=~Disk.*"], True),
        (['alertname=~"Lag|Disk.*"'], True),
        (["alertname!~Disk.*"], False),
        (["alertname!~Disk"], True),
        (["absent="], True),
        (['absent=""'], True),
        (["absent=~.*"], True),
        (["absent!="], False),
        (["job=node", "alertname=DiskFull"], True),
        (["job=node", "alertname=Lag"], False),
        (['"service.name"="a b"'], True),
        ([r'quoted="say \"x\"\n\\"'], True),
        (["job==node"], False),
        ([], True),
    ],
)
def test_matchers(written: list[str], passes: bool) -> None:
    assert matchers(written, "filter")(LABELS) is passes


@pytest.mark.parametrize("written", ["", "alertname", "=x", "a b=c", "a=~(", "a!~[", r"a=~(a)\1", "x" * 5_000 + "=y"])
def test_what_is_no_matcher(written: str) -> None:
    with pytest.raises(Rejected) as error:
        matchers([written], "filter")
    assert error.value.field == "filter"


def test_too_many() -> None:
    matchers(["a=b"] * 100, "filter")
    with pytest.raises(Rejected):
        matchers(["a=b"] * 101, "filter")


def test_a_hostile_expression_takes_no_time() -> None:
    # Python's own engine would not come back from this.
    assert not expression("(a+)+b", "filter")("a" * 50_000)


def test_an_expression_is_of_the_whole() -> None:
    test = expression("a|bc", "receiver")
    assert [test(each) for each in ("a", "bc", "ac", "a\n", "")] == [True, True, False, False, False]
