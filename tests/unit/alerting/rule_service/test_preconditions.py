import pytest

from alerting.rule_service.preconditions import check_version, etag
from alerting.runtime.problem import Problem


@pytest.mark.parametrize("tag", ['"7"', ' "7" ', '"6", "7"', '"7","7"', 'W/"6", "7"', "*", " * "])
def test_the_version_that_is_meant(tag: str) -> None:
    check_version(tag, 7, required=True)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ('"6"', 412),
        ('"07"', 412),
        ('W/"7"', 412),
        ('""', 412),
        ("7", 422),
        ("", 422),
        ('"7', 422),
        ('"7",', 422),
        ('"6" "7"', 422),
        ("**", 422),
        ('w/"7"', 422),
    ],
)
def test_any_other(tag: str | None, status: int) -> None:
    with pytest.raises(Problem) as problem:
        check_version(tag, 7, required=True)
    assert problem.value.status == status
    if status == 422:
        assert problem.value.errors[0].field == "If-Match"
    else:
        assert problem.value.headers == {"etag": etag(7)}


def test_saying_nothing_is_enough_where_it_is_not_required() -> None:
    check_version(None, 7, required=False)
    with pytest.raises(Problem):
        check_version('"6"', 7, required=False)
