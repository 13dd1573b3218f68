"""Who sends: the holder of a key of the scope ``ingest``, or of an admin's."""

import base64
import binascii
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from alerting.runtime.auth import Principal, authenticate_with, require
from alerting.runtime.session import session_cookie

_require = require("ingest")
_BEARER: Final = HTTPBearer(
    auto_error=False,
    description="An API key of the scope `ingest`: `alerting keys create`. "
    "A sender that knows only basic authentication gives the key as the password, with any user name.",
)

_SENDER: Final = "alerting.ingest.sender"

Documented = Annotated[object, Security(_BEARER)]
"""Names the kind of key in the OpenAPI document."""


async def allowed(request: Request, key: str | None = None) -> Principal:
    """Return who sends, when that one may; the key is looked for where it usually is, unless it is given.

    Raises
    ------
    Problem
        401: there is no valid key. 403: it is not for sending.
    """
    if key is None:
        key = basic_password(request.headers.get("authorization", ""))
    if key is not None:
        await authenticate_with(request, key)
    sender = request.scope[_SENDER] = await _require(request, None)
    return sender


def known_sender(request: Request) -> Principal | None:
    """Return who sends; None while that is not known."""
    sender: Principal | None = request.scope.get(_SENDER)
    return sender


async def _sender(
    request: Request, _documented: Documented, _session: Annotated[object, Security(session_cookie)]
) -> Principal:
    return await allowed(request)


Sender = Annotated[Principal, Depends(_sender)]
"""The holder of a key that may send, for a route."""


def basic_password(authorization: str) -> str | None:
    """Return the password of basic authentication; None when it is another kind."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials.strip()).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
