"""API keys: who calls, and what they may.

A key reads ``ak_<prefix>_<secret>``. The database finds it by its prefix and holds the SHA-256 of the whole; the key
itself is shown once. Scopes: ``admin`` may all, ``ingest`` may send alerts, ``client:<id>`` may read and change what
belongs to that client.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncPool, Row, postgres_errors
from alerting.runtime.problem import Problem

_CACHE_SECONDS: Final = 5.0
_MOST_CACHED: Final = 10_000
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
    """Finds the holder of a key. A revoked key stops within five seconds, which is how long an answer is kept."""

    def __init__(self, pool: AsyncPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        # By the key's hash: a dump of this process's memory has no keys to give.
        self._cache: OrderedDict[bytes, tuple[float, Principal, float | None]] = OrderedDict()

    async def principal(self, key: str) -> Principal:
        """Return the key's holder.

        Raises
        ------
        Problem
            401: there is no such key, or it is revoked or expired.
        Unavailable
            The database does not answer and the key is not known from the last seconds.
        """
        digest = hash_key(key)
        kept = self._cache.get(digest)
        now = self._clock.now()
        if kept is not None and kept[0] > now and (kept[2] is None or kept[2] > now):
            return kept[1]
        parts = key.split("_", 2)
        if len(parts) != 3 or parts[0] != "ak" or "\0" in key:
            raise _unauthorized()
        row = await self._find(parts[1], digest)
        expires = row["expires_at"] if row else None
        if (
            row is None
            or not hmac.compare_digest(row["key_hash"], digest)
            or row["revoked_at"] is not None
            or (expires is not None and expires <= datetime.fromtimestamp(now, UTC))
        ):
            raise _unauthorized()
        principal = Principal(row["id"], row["name"], row["scope"])
        self._cache[digest] = (now + _CACHE_SECONDS, principal, expires.timestamp() if expires else None)
        if len(self._cache) > _MOST_CACHED:
            self._cache.popitem(last=False)
        return principal

    def forget(self, key_id: str) -> None:
        """Ask the database at the key's next use: it was revoked here."""
        for digest in [digest for digest, kept in self._cache.items() if kept[1].key_id == key_id]:
            del self._cache[digest]

    async def _find(self, prefix: str, digest: bytes) -> Row | None:
        # last_used_at is for people who look for unused keys: once a minute is enough.
        query = """
            WITH used AS (
                UPDATE api_keys SET last_used_at = now()
                WHERE prefix = %(prefix)s AND key_hash = %(digest)s AND revoked_at IS NULL
                      AND (expires_at IS NULL OR expires_at > now())
                      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
            )
            SELECT id, name, scope, key_hash, expires_at, revoked_at FROM api_keys WHERE prefix = %(prefix)s
        """
        with postgres_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(query, {"prefix": prefix, "digest": digest})
                return await cursor.fetchone()


def _unauthorized() -> Problem:
    return Problem(401, "a valid API key is needed: Authorization: Bearer <key>", headers=_CHALLENGE)


_bearer = HTTPBearer(auto_error=False, description="An API key: `alerting keys create`")


async def authenticate(request: Request) -> Principal:
    """Return who calls; the database is asked once a request at most.

    Raises
    ------
    Problem
        401: the request has no valid key.
    """
    known: Principal | None = request.scope.get(_PRINCIPAL)
    if known is not None:
        return known
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
    authenticator: Authenticator = request.app.state.authenticator
    # In the scope, which is this request's alone: `request.state` begins with what the lifespan shares with all.
    principal = request.scope[_PRINCIPAL] = await authenticator.principal(key)
    return principal


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


def require(*scopes: Scope) -> Callable[..., Awaitable[Principal]]:
    """Return a FastAPI dependency that lets admins and these scopes in, and gives the route the key's holder."""

    async def check(request: Request, _documented: Annotated[object, Security(_bearer)]) -> Principal:
        principal = await authenticate(request)
        if principal.kind != "admin" and principal.kind not in scopes:
            raise Problem(403, f"this key's scope is {principal.kind}; needed: {' or '.join(('admin', *scopes))}")
        return principal

    return check
