import pytest

from alerting.deliveries.apprise_url import check_apprise_url

ALLOWED = frozenset({"tgram", "pagerduty"})


@pytest.mark.parametrize(
    "value",
    [
        "tgram://123:abc/456",
        "tgram://123:abc/456/?silent=yes&topic=7",
        "pagerduty://A@B/source/component?region=eu&severity=critical",
        "pagerduty://A@B?click=https%3A%2F%2Fexample.com%2F%3Ftemplate%3D1",
    ],
)
def test_a_url_of_an_allowed_service_is_taken(value: str) -> None:
    check_apprise_url(value, ALLOWED)


@pytest.mark.parametrize("value", ["", "tgram", "tgram://", "tgram://a b", "TGRAM://a", "tgram://ä", "tgram://a\n"])
def test_what_is_no_url_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an Apprise URL"):
        check_apprise_url(value, ALLOWED)


def test_another_service_is_refused() -> None:
    with pytest.raises(ValueError, match="these are: pagerduty, tgram"):
        check_apprise_url("json://127.0.0.1/", ALLOWED)


@pytest.mark.parametrize(
    "query",
    [
        "?template=/etc/passwd",
        "?template=http://169.254.169.254/latest/meta-data/",
        "?Template=/etc/passwd",
        "?%74emplate=/etc/passwd",
        "?silent=yes&template=/etc/passwd",
        "?silent=yes;template=/etc/passwd",
        "?silent=yes?template=/etc/passwd",
        "?&template=/etc/passwd",
        "?+template=/etc/passwd",
        "?:template=/etc/passwd",
        "?template",
        "?redirect=yes",
        "?verify=no",
        "?rto=3600",
        "?retry=99",
    ],
)
def test_what_would_be_an_order_to_the_sender_is_refused_and_not_repeated(query: str) -> None:
    with pytest.raises(ValueError, match=r"behind the \?") as caught:
        check_apprise_url(f"tgram://123:abc/456/{query}", ALLOWED)
    assert "passwd" not in str(caught.value)
