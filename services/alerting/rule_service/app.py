"""The application: its routes, and what they share from start to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from alerting.rule_service import (
    audit_log,
    clients,
    dead_letters,
    endpoint_lists,
    endpoint_tests,
    endpoints,
    keys,
    match,
    notifications,
    overlaps,
    rule_lists,
    rules,
    sessions,
    ui,
)
from alerting.rule_service.desk import OneDesk
from alerting.rule_service.endpoint_tests import TestsUnderWay
from alerting.rule_service.gateway import add_gateway, new_gateway
from alerting.rule_service.relay import Relay
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_service.sign_in_limit import SignInLimit
from alerting.rule_service.store.matching import current_version
from alerting.rule_service.transactions import Transactions
from alerting.rule_service.ui_files import UiFiles
from alerting.runtime.auth import Authenticator
from alerting.runtime.body_limit import BodyLimit
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.broker.kafka_async import AsyncKafkaProducer
from alerting.runtime.checks import broker_check
from alerting.runtime.database import AsyncPool, async_pool, postgres_errors
from alerting.runtime.topics import RULE_CHANGED
from alerting.runtime.web import Web, new_app

_MEBIBYTE: Final = 1_048_576

# What lists comes before what it lists: /rules/count is no rule.
_RESOURCES: Final = (
    clients,
    rule_lists,
    rules,
    overlaps,
    endpoint_lists,
    endpoints,
    endpoint_tests,
    notifications,
    dead_letters,
    keys,
    match,
    sessions,
    ui,
    audit_log,
)


def make_app(web: Web, settings: RuleServiceSettings, producer: AsyncProducer | None = None) -> FastAPI:
    """Make the application; it starts whether or not the database and the broker answer, and answers 503 meanwhile."""
    pool = async_pool(settings, size=settings.postgres_pool_size)

    async def database_answers() -> None:
        await _check_schema(pool)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sending = producer or AsyncKafkaProducer(
            settings.model_copy(update={"produce_timeout": settings.relay_timeout})
        )
        relay = Relay(
            pool,
            sending,
            web.telemetry,
            web.clock,
            interval=settings.relay_interval,
            timeout=settings.relay_timeout,
        )
        app.state.settings = settings
        app.state.tests_under_way = TestsUnderWay()
        app.state.authenticator = Authenticator(pool, web.clock)
        app.state.sign_in_limit = SignInLimit(web.clock)
        gateway = app.state.gateway = new_gateway(settings)
        transactions = app.state.transactions = Transactions(pool, relay.wake)
        desk = app.state.desk = OneDesk(settings, web.clock, sending, transactions)
        await pool.open(wait=False)
        publishing = asyncio.create_task(relay.run(), name="relay")
        try:
            yield
        finally:
            await gateway.close()
            await relay.stop(publishing)
            await desk.close()
            await pool.close()
            await asyncio.to_thread(sending.close)

    app = new_app(
        "alerting: rules",
        checks={"postgres": database_answers, "kafka": broker_check(settings, RULE_CHANGED)},
        lifespan=lifespan,
    )
    for resource in _RESOURCES:
        app.include_router(resource.routes)
    app.include_router(sessions.open_routes)
    add_gateway(app)
    app.add_middleware(BodyLimit, limit_of=body_limit)
    app.add_middleware(UiFiles)
    return app


def body_limit(path: str) -> int:
    """Return how many bytes a request to a path may have."""
    return 10 * _MEBIBYTE if path.endswith(rules.BATCH_SUFFIX) else _MEBIBYTE


async def _check_schema(pool: AsyncPool) -> None:
    # Its own table and not just any answer: a database without the schema is of no use yet.
    with postgres_errors():
        async with pool.connection(timeout=3.0) as connection:
            await current_version(connection)
