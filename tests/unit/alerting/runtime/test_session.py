"""The cookie, and what a request with one needs besides."""

from datetime import timedelta

import pytest
from fastapi import Request, Response

from alerting.runtime.auth import hash_key
from alerting.runtime.problem import Problem
from alerting.runtime.session import clear_cookie, hash_token, new_token, refuse_forgery, set_cookie, token_of


def request(method: str = "GET", scheme: str = "http", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "scheme": scheme, "path": "/", "query_string": b"", "headers": raw}
    return Request({**scope, "server": ("test", 80)})


def cookie(asked: Request) -> str:
    response = Response()
    set_cookie(asked, response, "t0k3n", timedelta(hours=1))
    return response.headers["set-cookie"]


def test_no_script_and_no_other_site_has_the_cookie() -> None:
    parts = cookie(request()).lower().split("; ")
    assert sorted(parts) == ["alerting_session=t0k3n", "httponly", "max-age=3600", "path=/", "samesite=strict"]


@pytest.mark.parametrize(
    ("asked", "secure"),
    [
        (request(), False),
        (request(scheme="https"), True),
        (request(x_forwarded_proto="https"), True),
        (request(x_forwarded_proto="HTTPS, http"), True),
        (request(x_forwarded_proto="http, https"), False),
    ],
)
def test_the_cookie_stays_with_https_where_there_is_https(asked: Request, secure: bool) -> None:
    assert ("secure" in cookie(asked).lower().split("; ")) == secure
    response = Response()
    clear_cookie(asked, response)
    cleared = response.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "max-age=0", "path=/", "samesite=strict"} <= set(cleared)
    assert ("secure" in cleared) == secure


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"])
@pytest.mark.parametrize(
    "headers", [{}, {"x_alerting_csrf": ""}, {"x_alerting_csrf": "0"}, {"x_alerting_csrf": "1, 1"}]
)
def test_what_another_page_may_have_sent_is_refused(method: str, headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        refuse_forgery(request(method, **headers))
    assert refused.value.status == 403


def test_our_own_page_says_so_and_reading_needs_nothing() -> None:
    refuse_forgery(request("POST", x_alerting_csrf="1"))
    refuse_forgery(request("GET"))
    refuse_forgery(request("HEAD"))


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("alerting_session=abc", "abc"),
        ("theme=dark; alerting_session=abc; other=1", "abc"),
        ("alerting_session=", None),
        ("alerting_session", None),
        ("Alerting_Session=abc", None),
        ("theme=dark", None),
        ("alerting_session=" + "x" * 101, None),
    ],
)
def test_where_the_token_is(header: str, token: str | None) -> None:
    assert token_of(request(cookie=header)) == token
    assert token_of(request()) is None


def test_a_token_is_256_random_bits() -> None:
    tokens = [new_token() for _ in range(100)]
    assert len(set(tokens)) == 100
    assert {len(token) for token in tokens} == {43}
    assert len(hash_token(tokens[0])) == 32
    assert hash_token("a") != hash_token("b") != hash_key("a")
