"""Every HTTP error as a problem document (RFC 9457) that names the field at fault."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from alerting.runtime.allowed_methods import allowed_methods
from alerting.runtime.described import Described
from alerting.runtime.errors import Unavailable

_log = structlog.get_logger(__name__)

_MOST_FAULTS = 100
_MOST_FIELD = 255


class Fault(Described):
    """One thing that is wrong with a request."""

    field: str
    """The field's name, with dots into what is nested, or `body`; a parameter's or a header's name."""
    message: str
    """What is wrong with it, for a person to read."""
    item: int | None = None
    """The place of the item in the request, counted from 0; absent when there is but one."""


class ProblemDocument(Described):
    """The body of every answer that is an error."""

    type: str = "about:blank"
    """Always `about:blank`: the status says what kind of problem it is."""
    title: str
    """The status in words, such as `Not Found`."""
    status: int
    """The HTTP status, once more."""
    detail: str
    """What is wrong this time, for a person to read."""
    errors: list[Fault] = Field([])
    """The fields at fault, the first hundred; empty when it is none in particular."""


class Problem(Exception):
    """An error with its HTTP status, for the caller to read."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers


def problem_response(problem: Problem) -> JSONResponse:
    """Render a problem."""
    document = ProblemDocument(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        errors=list(problem.errors[:_MOST_FAULTS]),
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=dict(problem.headers or {}),
        media_type="application/problem+json",
    )


def fault_of(error: Mapping[str, Any]) -> Fault:
    """Turn one of pydantic's errors into ours; in an array, the first number of its place is the item's."""
    # Its place begins with where it was: the body, the path, the query or a header.
    place = list(error["loc"])[1:]
    if error["type"] == "json_invalid":
        return Fault(field="body", message=f"not JSON, from character {place[0]} on")
    item = place.pop(0) if place and isinstance(place[0], int) else None
    # An unknown field's name is the caller's, and of any length.
    return Fault(field=".".join(map(str, place))[:_MOST_FIELD] or "body", message=error["msg"], item=item)


def install_problems(app: FastAPI) -> None:
    """Let an application answer every error as a problem document."""

    async def on_problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101
        return problem_response(error)

    async def on_validation(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        if isinstance(error.body, bytes):
            # The framework reads as JSON what is said to be JSON, and would complain that bytes are no object.
            message = "has to be application/json"
            fault = Fault(field="content-type", message=message)
            return problem_response(Problem(415, f"content-type: {message}", [fault]))
        faults = [fault_of(each) for each in error.errors()]
        return problem_response(Problem(422, f"{faults[0].field}: {faults[0].message}", faults))

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        headers = error.headers
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {"allow": allowed_methods(request)}
        return problem_response(Problem(error.status_code, str(error.detail), headers=headers))

    async def on_unavailable(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Unavailable)  # noqa: S101
        _log.warning("unavailable", dependency=error.dependency, error=str(error))
        return problem_response(
            Problem(503, f"{error.dependency} does not answer; try again", headers={"retry-after": "1"})
        )

    async def on_anything(request: Request, error: Exception) -> JSONResponse:
        _log.error("request failed", path=request.url.path, exc_info=error)
        return problem_response(Problem(500, "the request failed; the service's log says why"))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Unavailable, on_unavailable)
    app.add_exception_handler(Exception, on_anything)
