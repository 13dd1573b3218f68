"""Runs a service that answers HTTP: its application, its heartbeat, from start to drain."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI

from alerting import __version__
from alerting.runtime import logs
from alerting.runtime.answer_headers import AnswerHeaders
from alerting.runtime.api_pages import api_pages
from alerting.runtime.clock import Clock, SystemClock
from alerting.runtime.collector import calm_collector
from alerting.runtime.config import Settings
from alerting.runtime.health import Check, health_routes
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.http_metrics import CountedRequests
from alerting.runtime.http_server import serve
from alerting.runtime.lifecycle import stop_on_signals
from alerting.runtime.problem import ProblemDocument, install_problems
from alerting.runtime.telemetry import Telemetry, show_process
from alerting.runtime.tracing import tracing
from alerting.runtime.tracing.requests import request_spans

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_log = structlog.get_logger(__name__)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def new_app(
    title: str, *, checks: Mapping[str, Check], lifespan: Lifespan, tracing: "Tracing | None" = None
) -> FastAPI:
    """Make an application with health routes, whose every error is a problem document."""
    app = FastAPI(
        title=title,
        version=__version__,
        lifespan=lifespan,
        routes=[*health_routes(checks), *api_pages(title)],
        responses={"4XX": {"model": ProblemDocument}, "5XX": {"model": ProblemDocument}},
        docs_url=None,
        redoc_url=None,
        telemetry=request_spans(tracing),
    )
    install_problems(app)
    app.add_middleware(AnswerHeaders)
    return app


class Web:
    """The parts that every HTTP service is given."""

    def __init__(self, settings: Settings, service: str, tracing: "Tracing | None" = None) -> None:
        self.settings = settings
        self.service = service
        self.tracing = tracing
        self.clock: Clock = SystemClock()
        self.telemetry = Telemetry(self.clock)

    def run(self, app: FastAPI, stop: threading.Event) -> None:
        """Serve until told to stop."""
        heartbeat = Heartbeat(self.settings, self.service, self.telemetry, self.clock)
        heartbeat.start()
        calm_collector()
        try:
            serve(CountedRequests(app, self.service, self.clock), self.settings, stop)
        finally:
            heartbeat.close()
        _log.info("stopped")


def run_web(settings: Settings, service: str, make_app: Callable[[Web], FastAPI]) -> None:
    """Set up logs and signals, make the application, and serve it."""
    logs.configure(settings, service)
    show_process(service)
    with stop_on_signals() as stop, tracing(settings, service) as spans:
        web = Web(settings, service, spans)
        web.run(make_app(web), stop)
