"""API keys: who calls, and what they may.

A key reads ``ak_<prefix>_<secret>``. The database finds it by its prefix and holds the SHA-256 of the whole; the key
itself is shown once. Scopes: ``admin`` may all, ``ingest`` may send alerts, ``client:<id>`` may read and change what
belongs to that client. A browser's session stands for a key, and may what that may.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, LiteralString

from fastapi import Depends, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncPool, Row, postgres_errors
from alerting.runtime.problem import Problem
from alerting.runtime.remembered import Remembered
from alerting.runtime.session import IDLE, MOST, hash_token, refuse_forgery, session_cookie, token_of

_PRINCIPAL: Final = "alerting.principal"
_CHALLENGE: Final = {"www-authenticate": "Bearer"}

Scope = Literal["admin", "ingest", "client"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid key."""

    key_id: str
    name: str
    scope: str

    @property
    def kind(self) -> str:
        """Return the scope's first word."""
        return self.scope.partition(":")[0]

    @property
    def client_id(self) -> str | None:
        """Return the client that the key is confined to, or None when it is not."""
        kind, _, client = self.scope.partition(":")
        return client if kind == "client" else None

    def sees(self, client_id: str) -> bool:
        """Tell whether the key may know of a client's things."""
        return self.scope == "admin" or self.client_id == client_id


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made: the only time that it is known in full."""

    key: str
    prefix: str
    key_hash: bytes


def new_key() -> NewKey:
    """Make a key of 256 random bits."""
    prefix = secrets.token_hex(6)
    key = f"ak_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(key, prefix, hash_key(key))


def hash_key(key: str) -> bytes:
    """Return what the database keeps of a key."""
    return hashlib.sha256(key.encode()).digest()


class Authenticator:
    """Finds the holder of a key, or of a session. A revoked one stops within five seconds: answers are kept so long."""

    def __init__(self, pool: AsyncPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        # Apart, so that a token is no key and a key is no token.
        self._keys = Remembered[Principal](clock)
        self._sessions = Remembered[Principal](clock)

    async def principal(self, key: str) -> Principal:
        """Return the key's holder.

        Raises
        ------
        Problem
            401: there is no such key, or it is revoked or expired.
        Unavailable
            The database does not answer and the key is not known from the last seconds.
        """
        # No key of ours, and maybe not even text that has bytes.
        if not key.isascii():
            raise _unauthorized()
        digest = hash_key(key)
        kept = self._keys.get(digest)
        if kept is not None:
            return kept
        parts = key.split("_", 2)
        if len(parts) != 3 or parts[0] != "ak" or "\0" in key:
            raise _unauthorized()
        row = await self._ask(_KEY, {"prefix": parts[1], "digest": digest})
        expires = row["expires_at"] if row else None
        if (
            row is None
            or not hmac.compare_digest(row["key_hash"], digest)
            or row["revoked_at"] is not None
            or (expires is not None and expires <= datetime.fromtimestamp(self._clock.now(), UTC))
        ):
            raise _unauthorized()
        principal = Principal(row["id"], row["name"], row["scope"])
        self._keys.put(digest, principal, expires.timestamp() if expires else None)
        return principal

    async def session_principal(self, token: str) -> Principal:
        """Return the holder of the key that a session stands for; the session then lasts longer.

        Raises
        ------
        Problem
            401: there is no such session, or it has ended, or its key has.
        Unavailable
            The database does not answer and the session is not known from the last seconds.
        """
        digest = hash_token(token)
        kept = self._sessions.get(digest)
        if kept is not None:
            return kept
        row = await self._ask(_SESSION, {"digest": digest, "idle": IDLE, "most": MOST})
        if row is None:
            raise no_session()
        principal = Principal(row["id"], row["name"], row["scope"])
        self._sessions.put(digest, principal, row["expires_at"].timestamp())
        return principal

    def forget(self, key_id: str) -> None:
        """Ask the database at the key's next use, and at that of its sessions: it was revoked here."""
        for remembered in (self._keys, self._sessions):
            remembered.forget(lambda principal: principal.key_id == key_id)

    def forget_session(self, token: str) -> None:
        """Ask the database at the session's next use: it was ended here."""
        self._sessions.drop(hash_token(token))

    async def _ask(self, query: LiteralString, params: Mapping[str, object]) -> Row | None:
        with postgres_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(query, params)
                return await cursor.fetchone()


# last_used_at is for people who look for unused keys: once a minute is enough.
_KEY: Final = """
    WITH used AS (
        UPDATE api_keys SET last_used_at = now()
        WHERE prefix = %(prefix)s AND key_hash = %(digest)s AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > now())
              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
    )
    SELECT id, name, scope, key_hash, expires_at, revoked_at FROM api_keys WHERE prefix = %(prefix)s
"""

# A session moves on in steps of five minutes: a row that is written at each request would be one that others wait for.
_SESSION: Final = """
    WITH found AS (
        SELECT key.id, key.name, key.scope, LEAST(session.expires_at, key.expires_at) AS expires_at, key.last_used_at
        FROM sessions AS session JOIN api_keys AS key ON key.id = session.key_id
        WHERE session.token_hash = %(digest)s AND session.expires_at > now()
              AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    ), used AS (
        UPDATE api_keys SET last_used_at = now() FROM found
        WHERE api_keys.id = found.id
              AND (found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute')
    ), moved AS (
        UPDATE sessions SET expires_at = LEAST(now() + %(idle)s, created_at + %(most)s) FROM found
        WHERE token_hash = %(digest)s
              AND sessions.expires_at < LEAST(now() + %(idle)s, created_at + %(most)s) - interval '5 minutes'
    )
    SELECT id, name, scope, expires_at FROM found
"""


def _unauthorized() -> Problem:
    return Problem(401, "a valid API key is needed: Authorization: Bearer <key>", headers=_CHALLENGE)


def no_session() -> Problem:
    """Return what to answer to a session that has ended, or never was."""
    return Problem(401, "there is no such session, or it has ended: sign in again", headers=_CHALLENGE)


_bearer = HTTPBearer(auto_error=False, description="An API key: `alerting keys create`")


async def authenticate(request: Request) -> Principal:
    """Return who calls, by a key or else by a session; the database is asked once a request at most.

    Raises
    ------
    Problem
        401: the request has neither, or not a valid one. 403: it has a session, and may be another site's doing.
    """
    known: Principal | None = request.scope.get(_PRINCIPAL)
    if known is not None:
        return known
    token = token_of(request)
    if token is not None and "authorization" not in request.headers:
        refuse_forgery(request)
        return await _authenticate_session(request, token)
    credentials = await _bearer(request)
    if credentials is None:
        raise _unauthorized()
    return await authenticate_with(request, credentials.credentials)


async def authenticate_with(request: Request, key: str) -> Principal:
    """Return whose key it is, who is then the caller for the rest of this request.

    Raises
    ------
    Problem
        401: it is not a valid key.
    """
    # In the scope, which is this request's alone: `request.state` begins with what the lifespan shares with all.
    principal = request.scope[_PRINCIPAL] = await authenticator_of(request).principal(key)
    return principal


async def _authenticate_session(request: Request, token: str) -> Principal:
    principal = request.scope[_PRINCIPAL] = await authenticator_of(request).session_principal(token)
    return principal


def authenticator_of(request: Request) -> Authenticator:
    """Return the application's authenticator."""
    authenticator: Authenticator = request.app.state.authenticator
    return authenticator


class GuardedRoute(APIRoute):
    """A route that reads no body, and says nothing about one, before it knows who calls.

    The framework reads bodies before it asks dependencies. A router takes this as its `route_class`; every route of it
    needs a key, and `require` says of which scope.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler, behind its guard."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            await authenticate(request)
            return await handle(request)

        return guarded


async def _schemes(
    _key: Annotated[object, Security(_bearer)], _session: Annotated[object, Security(session_cookie)]
) -> None:
    """Name the ways to say who calls, in the OpenAPI document."""


def require(*scopes: Scope) -> Callable[..., Awaitable[Principal]]:
    """Return a FastAPI dependency that lets admins and these scopes in, and gives the route the key's holder."""

    async def check(request: Request, _documented: Annotated[None, Depends(_schemes)]) -> Principal:
        principal = await authenticate(request)
        if principal.kind != "admin" and principal.kind not in scopes:
            raise Problem(403, f"this key's scope is {principal.kind}; needed: {' or '.join(('admin', *scopes))}")
        return principal

    return check
