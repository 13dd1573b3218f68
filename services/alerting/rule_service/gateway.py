"""Hands some requests on to the other services, so that a browser has all of the API under one address.

What is handed on is a list of paths and headers, both closed: a path that is not in it does not leave this process, and
a header that is not in it reaches neither the service nor the browser. Each service then asks for the key by itself.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

import httpx
from fastapi import FastAPI, Request, Response

from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.auth import authenticate
from alerting.runtime.errors import Unavailable
from alerting.runtime.problem import Problem
from alerting.runtime.session import COOKIE, CSRF_HEADER, token_of

# Characters that mean the same to everyone who reads a path: no encoded slash, no dots alone, nothing to decode twice.
_SEGMENT: Final = r"/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~:@-]+"
PATHS: Final = {
    "metrics": re.compile(rf"/api/v1/metrics(?:{_SEGMENT})+"),
    "alert-producer": re.compile(rf"/api/v1/(?:catalog|jobs(?:{_SEGMENT})*)"),
    "ingest": re.compile(rf"/api/v1/(?:rejects|integrations(?:{_SEGMENT})*|preview(?:{_SEGMENT})*)"),
}
_ROOTS: Final = (
    *("/api/v1/metrics/{rest:path}", "/api/v1/catalog", "/api/v1/jobs", "/api/v1/jobs/{rest:path}", "/api/v1/rejects"),
    *("/api/v1/integrations", "/api/v1/integrations/{rest:path}", "/api/v1/preview", "/api/v1/preview/{rest:path}"),
)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

_REQUEST_HEADERS: Final = frozenset(
    {
        *(b"accept", b"accept-language", b"authorization", b"content-type", b"content-encoding", b"idempotency-key"),
        *(b"if-match", b"if-none-match", b"traceparent", CSRF_HEADER.encode()),
    }
)
_ANSWER_HEADERS: Final = (
    *("allow", "cache-control", "content-language", "content-type", "etag", "last-modified", "retry-after"),
    "www-authenticate",
)

_CONNECT_SECONDS: Final = 2.0
_SECONDS: Final = 30.0
_MOST_ANSWERED: Final = 16 * 1_048_576
# Less than the five seconds after which the services close a connection that nobody uses.
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)


class Gateway:
    """Sends a request to the service whose path it is."""

    def __init__(self, services: Mapping[str, str], transport: httpx.AsyncBaseTransport) -> None:
        """Take the services' addresses. A transport and no client: that would keep cookies, of one caller for all."""
        self._services = services
        self._transport = transport

    async def answer(self, request: Request) -> Response:
        """Answer as the service does.

        Raises
        ------
        Problem
            404: the path is nobody's. 401, 403: there is no valid key. 502: the answer is too large.
        Unavailable
            The service does not answer.
        """
        service = service_of(request.scope["path"])
        if service is None:
            raise Problem(404, "Not Found")
        await authenticate(request)
        sent = self._sent(request, service, await request.body())
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._exchange(sent, service)
        except (httpx.TransportError, TimeoutError) as error:
            raise Unavailable(service, repr(error)) from error

    def _sent(self, request: Request, service: str, body: bytes) -> httpx.Request:
        query = request.scope["query_string"]
        path = request.scope["path"].encode() + (b"?" + query if query else b"")
        try:
            base = httpx.URL(self._services[service])
            url = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + path)
        except httpx.InvalidURL:
            raise Problem(400, "the query is not one that a URL can have") from None
        headers = [(name, value) for name, value in request.headers.raw if name in _REQUEST_HEADERS]
        token = token_of(request)
        if token is not None and "authorization" not in request.headers:
            # It is a session's, and the only one of the browser's cookies that is any service's business.
            headers.append((b"cookie", f"{COOKIE}={token}".encode()))
        timeout = {"connect": _CONNECT_SECONDS, "read": _SECONDS, "write": _SECONDS, "pool": _CONNECT_SECONDS}
        return httpx.Request(
            request.method,
            url,
            headers=[*headers, (b"accept-encoding", b"identity")],
            content=body or None,
            extensions={"timeout": timeout},
        )

    async def _exchange(self, sent: httpx.Request, service: str) -> Response:
        answer = await self._transport.handle_async_request(sent)
        try:
            content = await _bounded(answer, service)
        finally:
            await answer.aclose()
        headers = {name: answer.headers[name] for name in _ANSWER_HEADERS if name in answer.headers}
        location = answer.headers.get("location", "")
        # Of this origin: the service's own address is nobody's business.
        if location.startswith("/") and not location.startswith("//"):
            headers["location"] = location
        return Response(content, answer.status_code, headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


async def _bounded(answer: httpx.Response, service: str) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.aiter_raw():
        size += len(chunk)
        if size > _MOST_ANSWERED:
            raise Problem(502, f"the answer of {service} is larger than {_MOST_ANSWERED} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def service_of(path: str) -> str | None:
    """Return which service a path, decoded, belongs to."""
    for service, pattern in PATHS.items():
        if pattern.fullmatch(path):
            return service
    return None


def new_gateway(settings: RuleServiceSettings) -> Gateway:
    """Make the gateway to the services of the settings."""
    services = {
        "metrics": settings.metrics_url,
        "alert-producer": settings.producer_url,
        "ingest": settings.ingest_url,
    }
    return Gateway(services, httpx.AsyncHTTPTransport(limits=_LIMITS, trust_env=False))


def add_gateway(app: FastAPI) -> None:
    """Add the routes; the lifespan has to set ``gateway`` in the application's state."""

    async def hand_on(request: Request) -> Response:
        gateway: Gateway = request.app.state.gateway
        return await gateway.answer(request)

    for root in _ROOTS:
        app.add_route(root, hand_on, methods=list(_METHODS), include_in_schema=False)
