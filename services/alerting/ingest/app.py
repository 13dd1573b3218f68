"""The HTTP application of ingest."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, FastAPI, Path
from fastapi.routing import APIRoute

from alerting.ingest.activity import Activity
from alerting.ingest.body import Bodies
from alerting.ingest.episodes import Episodes, RedisEpisodes, redis_client
from alerting.ingest.intake import Intake
from alerting.ingest.integration import NAME_PATTERN, Integrations
from alerting.ingest.journal import Journal, RedisJournal
from alerting.ingest.parts import Parts
from alerting.ingest.routes import (
    alertmanager,
    cloudevents,
    integrations,
    native,
    pagerduty,
    preview,
    rejects,
    webhooks,
)
from alerting.ingest.rules import PostgresRuleBook, RuleBook
from alerting.ingest.settings import IngestSettings
from alerting.runtime.auth import Authenticator
from alerting.runtime.background import in_background
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.broker.kafka_async import AsyncKafkaProducer
from alerting.runtime.checks import broker_check
from alerting.runtime.database import async_pool, check_postgres
from alerting.runtime.errors import Unavailable
from alerting.runtime.health import Check
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.web import Lifespan, Web, new_app

if TYPE_CHECKING:
    from alerting.runtime.tracing.spans import Tracing

_INTEGRATION: Final = "/integrations/{integration}"
_SHARE_OF_UNKNOWN: Final = 8


def make_app(web: Web, settings: IngestSettings) -> FastAPI:
    """Make the application over Kafka, PostgreSQL and Redis; it starts while they are down."""
    pool = async_pool(settings)
    redis = redis_client(settings.redis_url, settings.redis_timeout)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        producer = AsyncKafkaProducer(settings)
        await pool.open()
        app.state.authenticator = Authenticator(pool, web.clock)
        episodes = RedisEpisodes(redis, web.clock, settings.redis_timeout)
        journal = RedisJournal(redis, web.clock, settings.redis_timeout)
        rules = PostgresRuleBook(pool, web.clock)
        parts = app.state.parts = new_parts(web, settings, producer, episodes, journal, rules)
        try:
            async with handing_over(parts.activity):
                yield
        finally:
            producer.close()
            await pool.close()
            await redis.aclose()

    async def postgres() -> None:
        await check_postgres(pool)

    return routed({"kafka": broker_check(settings, ALERTS_NEW), "postgres": postgres}, lifespan, web.tracing)


@asynccontextmanager
async def handing_over(activity: Activity) -> AsyncIterator[None]:
    """Hand over what is gathered, now and then, and once more at the end, if it can be."""
    try:
        async with in_background(activity.keep_handing_over()):
            yield
    finally:
        with suppress(Unavailable):
            await activity.hand_over()


def new_parts(
    web: Web, settings: IngestSettings, producer: AsyncProducer, episodes: Episodes, journal: Journal, rules: RuleBook
) -> Parts:
    """Put together what the routes share."""
    activity = Activity(journal, web.clock)
    intake = Intake(producer, episodes, activity, web.telemetry, web.clock, web.tracing)
    # Room for one at least.
    of_unknown = max(settings.max_pending_bytes // _SHARE_OF_UNKNOWN, settings.max_body_bytes)
    return Parts(
        bodies=Bodies(settings.max_body_bytes, settings.max_pending_bytes),
        bodies_of_unknown=Bodies(settings.max_body_bytes, of_unknown),
        integrations=Integrations(settings.integrations),
        intake=intake,
        episodes=episodes,
        activity=activity,
        journal=journal,
        rules=rules,
        started_at=intake.now_microseconds(),
    )


def routed(checks: Mapping[str, Check], lifespan: Lifespan, tracing: "Tracing | None" = None) -> FastAPI:
    """Make the application's routes; the lifespan has to set ``authenticator`` and ``parts`` in its state."""
    app = new_app("ingest", checks=checks, lifespan=lifespan, tracing=tracing)
    for router in (native.router, rejects.router, integrations.router, preview.router):
        app.include_router(router, generate_unique_id_function=_name)
    for router in (alertmanager.router, pagerduty.router):
        app.include_router(router, generate_unique_id_function=_name)
    for router in (alertmanager.router, pagerduty.router, webhooks.router, cloudevents.router):
        app.include_router(
            router,
            prefix=_INTEGRATION,
            dependencies=[Depends(_named)],
            generate_unique_id_function=_name_under_integration,
        )
    return app


def _named(
    integration: Annotated[str, Path(pattern=NAME_PATTERN, description="Any name: it keeps senders' alerts apart.")],
) -> None:
    """Refuse a path whose integration has a name that it cannot have."""


def _name(route: APIRoute) -> str:
    return route.name


def _name_under_integration(route: APIRoute) -> str:
    return f"integration_{route.name}"
