"""The HTTP service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool

from alerting.dead_letters.reader import Reader
from alerting.metrics.answers import Failing, History, NotificationFigures, PipelineFigures, ServiceList, TopicList
from alerting.metrics.backlog import BacklogReader
from alerting.metrics.failures import FailureReader
from alerting.metrics.gauges import BACKLOG, INSTANCES_ALIVE, TOPICS, keep
from alerting.metrics.handled_letters import HandledLetters
from alerting.metrics.heartbeats import HeartbeatReader
from alerting.metrics.history import MOST_MINUTES, HistoryLog
from alerting.metrics.lag import LagReader
from alerting.metrics.notifications import NotificationReader
from alerting.metrics.pipeline import Pipeline
from alerting.metrics.sampling import keep_history
from alerting.metrics.settings import MetricsSettings
from alerting.metrics.trouble import Trouble
from alerting.metrics.window import MOST_HOURS
from alerting.runtime.auth import Authenticator, GuardedRoute, Principal, require
from alerting.runtime.background import in_background
from alerting.runtime.checks import broker_check
from alerting.runtime.database import async_pool, check_postgres
from alerting.runtime.problem import Problem
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.web import Web, new_app

Admin = Annotated[Principal, Depends(require())]
Tenant = Annotated[Principal, Depends(require("client"))]
ClientId = Annotated[
    str | None, Query(min_length=1, max_length=255, description="One client's only; without it, all that the key sees.")
]
Hours = Annotated[int, Query(ge=1, le=MOST_HOURS, description="How many hours to go back, the present one counted.")]

routes = APIRouter(prefix="/api/v1/metrics", tags=["metrics"], route_class=GuardedRoute)


def make_app(web: Web, settings: MetricsSettings) -> FastAPI:
    """Make the application."""
    pool = async_pool(settings, size=4)
    heartbeats = HeartbeatReader(settings, timeout=settings.metrics_timeout)
    lag = LagReader(settings, timeout=settings.metrics_timeout)
    letters = Reader(settings, web.clock, timeout=settings.metrics_timeout)
    pipeline = Pipeline(
        NotificationReader(pool, timeout=settings.metrics_timeout),
        heartbeats,
        lag,
        HandledLetters(letters, pool, prefix=settings.kafka_prefix, timeout=settings.metrics_timeout),
        web.clock,
        seconds=settings.metrics_cache,
    )
    history = HistoryLog(settings, web.clock, timeout=settings.metrics_timeout, seconds=settings.metrics_cache)
    failures = FailureReader(pool, web.clock, timeout=settings.metrics_timeout)
    backlog = BacklogReader(pool, timeout=settings.metrics_timeout)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await pool.open()
        app.state.authenticator = Authenticator(pool, web.clock)
        gauges = (
            keep(pipeline.topics, TOPICS, settings.metrics_lag_interval, web.clock),
            keep(pipeline.services, INSTANCES_ALIVE, settings.metrics_lag_interval, web.clock),
            keep(backlog.read, BACKLOG, settings.metrics_lag_interval, web.clock),
        )
        try:
            async with in_background(*gauges, keep_history(pipeline, history)):
                yield
        finally:
            await run_in_threadpool(lag.close)
            await run_in_threadpool(letters.close)
            await heartbeats.close()
            await history.close()
            await pool.close()

    async def postgres() -> None:
        await check_postgres(pool)

    app = new_app(
        "metrics",
        checks={"kafka": broker_check(settings, ALERTS_NEW), "postgres": postgres, "redis": heartbeats.check},
        lifespan=lifespan,
    )
    app.state.pipeline = pipeline
    app.state.history = history
    app.state.trouble = Trouble(failures, pipeline, web.clock, seconds=settings.metrics_cache)
    app.include_router(routes)
    return app


def _pipeline(request: Request) -> Pipeline:
    pipeline: Pipeline = request.app.state.pipeline
    return pipeline


Figures = Annotated[Pipeline, Depends(_pipeline)]


@routes.get("/pipeline", response_description="All figures")
async def get_pipeline(figures: Figures, _caller: Admin, hours: Hours = 24) -> PipelineFigures:
    """Return everything; what cannot be known now is null, and `parts` says why."""
    return await figures.all(hours)


@routes.get("/services", response_description="The services")
async def get_services(figures: Figures, _caller: Admin) -> ServiceList:
    """Return the services that have a process: instances, rates, latencies, errors, versions."""
    return ServiceList(items=list(await figures.services()))


@routes.get("/topics", response_description="The topics")
async def get_topics(figures: Figures, _caller: Admin) -> TopicList:
    """Return the topics: what was written, what waits, what was refused."""
    return TopicList(items=list(await figures.topics()))


@routes.get("/notifications", response_description="The notifications of these hours")
async def get_notifications(
    figures: Figures,
    caller: Tenant,
    hours: Hours = 24,
    client_id: ClientId = None,
) -> NotificationFigures:
    """Return the notifications by hour, status and severity, and their deliveries; a client's key sees its own."""
    return await figures.notifications(hours, _client(caller, client_id))


@routes.get("/history", response_description="The samples")
async def get_history(
    request: Request,
    _caller: Admin,
    minutes: Annotated[int, Query(ge=1, le=MOST_MINUTES, description="How many minutes to go back.")] = 60,
) -> History:
    """Return how the services and topics were: every 10 seconds; of more than an hour, every minute."""
    history: HistoryLog = request.app.state.history
    return await history.read(minutes)


@routes.get("/failing", response_description="What fails now, or waits")
async def get_failing(request: Request, caller: Tenant, client_id: ClientId = None) -> Failing:
    """Return what fails now, or waits; a client's key sees its own, and nothing of the platform."""
    trouble: Trouble = request.app.state.trouble
    return await trouble.now(_client(caller, client_id))


def _client(caller: Principal, client_id: str | None) -> str | None:
    """Return the one client that is asked about; None when it is all of them."""
    wanted = caller.client_id if client_id is None else client_id
    if wanted is not None and (not caller.sees(wanted) or "\0" in wanted):
        raise Problem(404, "there is no such client")
    return wanted
