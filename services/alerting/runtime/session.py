"""Sessions of browsers, as every HTTP service reads them: a cookie with a token that stands for an API key.

A browser sends the cookie by itself, whoever wrote the page. So a request that may change something also needs a
header: another site's page cannot send one without asking first, and no service answers such a question.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from fastapi import Request, Response
from fastapi.security import APIKeyCookie

from alerting.runtime.problem import Problem

COOKIE: Final = "alerting_session"
CSRF_HEADER: Final = "x-alerting-csrf"

IDLE: Final = timedelta(hours=12)
"""How long a session lasts without being used."""
MOST: Final = timedelta(days=7)
"""How long a session lasts at most, however much it is used."""

_SAFE: Final = frozenset({"GET", "HEAD"})
_MOST_CHARACTERS: Final = 100

session_cookie = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    description="A session: `POST /api/v1/session`. It counts when there is no `Authorization` header. "
    f"Every request but GET and HEAD needs the header `{CSRF_HEADER}: 1` with it.",
)


def new_token() -> str:
    """Make a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def token_of(request: Request) -> str | None:
    """Return the token that a request has, be it valid or not."""
    token = request.cookies.get(COOKIE)
    return token if token and len(token) <= _MOST_CHARACTERS else None


def refuse_forgery(request: Request) -> None:
    """Refuse a request that another site's page may have made a browser send.

    Raises
    ------
    Problem
        403: it may change something, and has no header that says that our own page sent it.
    """
    if request.method not in _SAFE and request.headers.get(CSRF_HEADER) != "1":
        raise Problem(403, f"a request with a session needs the header {CSRF_HEADER}: 1")


def set_cookie(request: Request, response: Response, token: str, lifetime: timedelta) -> None:
    """Give a browser its token. When the session ends before the cookie does, the database knows."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    """Let a browser forget its token."""
    response.delete_cookie(COOKIE, path="/", secure=_is_https(request), httponly=True, samesite="strict")


def _is_https(request: Request) -> bool:
    # A proxy ends TLS and says so. Who says it without being one, keeps the cookie from himself.
    said = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return request.url.scheme == "https" or said == "https"
