"""What an HTTP service answers is counted, by labels that no caller makes up."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY

from alerting.runtime.http_metrics import CountedRequests
from alerting.runtime.web import new_app
from fix_clock import FakeClock

SERVICE = "ingest"


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


class Service:
    def __init__(self) -> None:
        self.clock = FakeClock()
        app = new_app("a service", checks={}, lifespan=_nothing)

        @app.get("/things/{name}")
        def get_thing(name: str) -> str:
            if name == "broken":
                raise ZeroDivisionError
            self.clock.advance(0.3)
            return name

        router = APIRouter(prefix="/api/v2")
        router.add_api_route("/alerts", lambda: None, methods=["POST"])
        app.include_router(router, prefix="/integrations/{integration}")
        transport = httpx.ASGITransport(CountedRequests(app, SERVICE, self.clock), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://service")


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("alerting_http_requests_total", {"service": SERVICE, **labels}) or 0.0


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/things/a", {"method": "GET", "route": "/things/{name}", "code": "200"}),
        ("GET", "/things/broken", {"method": "GET", "route": "/things/{name}", "code": "500"}),
        ("POST", "/things/a", {"method": "POST", "route": "/things/{name}", "code": "405"}),
        ("POST", "/integrations/mine/api/v2/alerts", {"method": "POST", "route": "/api/v2/alerts", "code": "200"}),
        ("GET", "/made/up", {"method": "GET", "route": "other", "code": "404"}),
        ("MADEUP", "/made/up", {"method": "other", "route": "other", "code": "404"}),
    ],
)
async def test_an_answer_is_counted_by_route_and_status(method: str, path: str, labels: Mapping[str, str]) -> None:
    before = counted(**labels)
    async with Service().http as http:
        await http.request(method, path)
    assert counted(**labels) == before + 1


async def test_it_is_timed() -> None:
    labels = {"service": SERVICE, "route": "/things/{name}"}
    before = REGISTRY.get_sample_value("alerting_http_request_seconds_sum", labels) or 0.0
    async with Service().http as http:
        await http.get("/things/a")
    assert REGISTRY.get_sample_value("alerting_http_request_seconds_sum", labels) == pytest.approx(before + 0.3)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_probes_are_not_counted(path: str) -> None:
    before = [sample for metric in REGISTRY.collect() for sample in metric.samples if "http_requests" in sample.name]
    async with Service().http as http:
        assert (await http.get(path)).status_code == 200
    after = [sample for metric in REGISTRY.collect() for sample in metric.samples if "http_requests" in sample.name]
    assert after == before
