"""``/api/v1/session``: a browser gives an API key, and holds a cookie from then on that no script can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from alerting import __version__
from alerting.rule_service.access import problems, router
from alerting.rule_service.sign_in_limit import SignInLimit
from alerting.rule_service.store import sessions as store
from alerting.rule_service.transactions import Database
from alerting.rule_service.values import MOST_CHARACTERS, Body
from alerting.runtime.auth import Principal, authenticator_of, no_session, require
from alerting.runtime.database import Row
from alerting.runtime.described import Described, examples
from alerting.runtime.problem import Problem
from alerting.runtime.session import (
    clear_cookie,
    hash_token,
    new_token,
    refuse_forgery,
    set_cookie,
    token_of,
)

_log = structlog.get_logger(__name__)

_WRONG: Final = "this is not a valid API key"

routes = router("session")
open_routes = APIRouter(prefix="/api/v1", tags=["session"], generate_unique_id_function=lambda route: route.name)
"""Those that need no key: they are how one gets in, and out."""

Anybody = Annotated[Principal, Depends(require("client", "ingest"))]


class SignIn(Body):
    """The API key that a session is to stand for."""

    model_config = examples({"key": "ak_0123456789ab_the-rest-of-it"})

    key: Annotated[SecretStr, Field(min_length=1, max_length=MOST_CHARACTERS)]
    """The key; it is not kept."""


class Session(Described):
    """Who is signed in, and until when; a session that is used moves on, to seven days at most."""

    key_id: str
    """The id of the key that the session stands for."""
    name: str
    """The key's name."""
    scope: str
    """What the key may: `admin`, `ingest`, or `client:` and the id of a client."""
    client_id: str | None
    """The client that the key is confined to; null when it is not."""
    client_name: str | None
    """That client's name; null when the key is not confined."""
    expires_at: datetime
    """When the session ends unless it is used before, in UTC."""
    version: str
    """The platform's version."""


@open_routes.post(
    "/session",
    status_code=201,
    responses=problems(401, 413, 422, 429, 503),
    response_description="The session; its cookie is `alerting_session`",
)
async def sign_in(request: Request, response: Response, database: Database, body: SignIn) -> Session:
    """Begin a session; the browser's session before, if it has one, ends. Ten wrong keys a minute are too many."""
    key = body.key.get_secret_value().strip()
    token, before = new_token(), token_of(request)
    with _counted(request):
        principal = await _holder(request, key)
        async with database.write() as connection:
            made = await store.create(connection, hash_token(token), principal.key_id)
            if made is None:
                authenticator_of(request).forget(principal.key_id)
                raise Problem(401, _WRONG)
            if before is not None:
                await store.end(connection, hash_token(before))
            await store.tidy(connection, principal.key_id)
            session = _session(await store.find(connection, hash_token(token)))
    if before is not None:
        authenticator_of(request).forget_session(before)
    set_cookie(request, response, token, made["lifetime"])
    _log.info("signed in", key_id=principal.key_id)
    return session


@routes.get("/session", responses=problems(404), response_description="The session")
async def get_session(_caller: Anybody, request: Request, database: Database) -> Session:
    """Tell who is signed in."""
    token = token_of(request)
    if token is None or "authorization" in request.headers:
        raise Problem(404, "the request has a key, and no session")
    async with database.read() as connection:
        row = await store.find(connection, hash_token(token))
    return _session(row)


@open_routes.delete(
    "/session", status_code=204, responses=problems(403, 503), response_description="There is no session any more"
)
async def sign_out(request: Request, response: Response, database: Database) -> None:
    """End the session, at once here and within five seconds everywhere. One that has ended already is no error."""
    token = token_of(request)
    if token is not None:
        refuse_forgery(request)
        async with database.write() as connection:
            await store.end(connection, hash_token(token))
        authenticator_of(request).forget_session(token)
    clear_cookie(request, response)


async def _holder(request: Request, key: str) -> Principal:
    try:
        return await authenticator_of(request).principal(key)
    except Problem:
        # Without a word of the header, in which this one did not come.
        raise Problem(401, _WRONG) from None


@contextmanager
def _counted(request: Request) -> Iterator[None]:
    """Count what is tried here as a failure of the caller's, unless it ends otherwise than with a wrong key."""
    limit: SignInLimit = request.app.state.sign_in_limit
    host = request.client.host if request.client else ""
    limit.begin(host)
    wrong = False
    try:
        yield
    except Problem as problem:
        wrong = problem.status == 401
        raise
    finally:
        if wrong:
            _log.warning("sign-in refused", peer=host)
        else:
            limit.take_back(host)


def _session(row: Row | None) -> Session:
    if row is None:
        raise no_session()
    client = Principal(row["key_id"], row["name"], row["scope"]).client_id
    return Session(**row, client_id=client, version=__version__)
