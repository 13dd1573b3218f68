"""The HTTP service: jobs are started, looked at and stopped."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from alerting.alert_producer.answers import JobAnswer, JobPage
from alerting.alert_producer.catalog import load_catalog
from alerting.alert_producer.catalog_routes import routes as catalog_routes
from alerting.alert_producer.generator import UnknownSource
from alerting.alert_producer.history import JobHistory
from alerting.alert_producer.job import ENDED, Worker
from alerting.alert_producer.jobs import Jobs, TooManyJobs
from alerting.alert_producer.load import Load
from alerting.alert_producer.recorder import Recorder
from alerting.alert_producer.requests import JobRequest
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.runtime.auth import Authenticator, GuardedRoute, Principal, require
from alerting.runtime.background import in_background
from alerting.runtime.body_limit import BodyLimit
from alerting.runtime.broker import Producer
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.checks import broker_check
from alerting.runtime.database import async_pool, check_postgres
from alerting.runtime.problem import Fault, Problem, fault_of, problem_response
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.web import Web, new_app

_MOST_BODY: Final = 1 << 20
_KINDS: Final = frozenset({"continuous", "burst", "one"})

Admin = Annotated[Principal, Depends(require())]

JobId = Annotated[str, Path(description="The job's id.")]

routes = APIRouter(prefix="/api/v1/jobs", tags=["jobs"], route_class=GuardedRoute)


def make_app(web: Web, settings: AlertProducerSettings, new_producer: Callable[[], Producer] | None = None) -> FastAPI:
    """Make the application; without `new_producer`, jobs send to Kafka."""
    pool = async_pool(settings, size=2)
    catalog = load_catalog()
    worker = Worker(catalog, new_producer or (lambda: KafkaProducer(settings)), web.telemetry, web.clock)
    jobs = Jobs(
        worker.work,
        web.clock,
        most_running=settings.producer_max_jobs,
        most_ended=settings.producer_job_history,
    )
    history = JobHistory(settings, web.clock)
    recorder = Recorder(jobs, history)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await pool.open()
        app.state.authenticator = Authenticator(pool, web.clock)
        try:
            async with in_background(recorder.keep_recording()):
                yield
        finally:
            await run_in_threadpool(jobs.close, settings.drain_timeout)
            await recorder.record()
            await history.close()
            await pool.close()

    async def postgres() -> None:
        await check_postgres(pool)

    app = new_app(
        "alert-producer",
        checks={"kafka": broker_check(settings, ALERTS_NEW), "postgres": postgres},
        lifespan=lifespan,
    )
    app.state.jobs = jobs
    app.state.history = history
    app.state.recorder = recorder
    app.state.settings = settings
    app.state.catalog = catalog
    app.state.clock = web.clock
    app.include_router(routes)
    app.include_router(catalog_routes)
    app.add_exception_handler(RequestValidationError, _on_invalid_job)
    app.add_middleware(BodyLimit, limit_of=lambda _path: _MOST_BODY)
    return app


@routes.post("", status_code=201, response_description="The job, as it begins")
async def start_job(request: Request, response: Response, wanted: JobRequest, caller: Admin) -> JobAnswer:
    """Start a job. It is remembered, also when the service is started anew; the oldest jobs are forgotten."""
    state = request.app.state
    faults = list(wanted.faults(state.settings))
    if faults:
        raise Problem(422, f"{faults[0].field}: {faults[0].message}", faults)
    what = wanted.what()
    if isinstance(what, Load):
        try:
            what.generator(state.catalog, state.clock)
        except UnknownSource as error:
            raise Problem(422, f"mix.sources: {error}", [Fault(field="mix.sources", message=str(error))]) from None
    jobs: Jobs = state.jobs
    try:
        job = jobs.start(wanted.kind, what, caller.name)
    except TooManyJobs as error:
        raise Problem(409, str(error)) from None
    # Without it, a job whose process dies at once would never have been.
    await state.recorder.record()
    response.headers["location"] = f"{routes.prefix}/{job.id}"
    return JobAnswer.of(job)


@routes.get("", response_description="A page of the jobs")
async def list_jobs(
    request: Request,
    _caller: Admin,
    limit: Annotated[int, Query(ge=1, le=500, description="The most items of a page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=64, description="Where the page begins: `next_cursor` of the page before.")
    ] = None,
) -> JobPage:
    """List the jobs of all processes, the newest first."""
    recorder: Recorder = request.app.state.recorder
    found, complete = await recorder.newest(limit + 1, before=cursor)
    return JobPage(
        items=list(found[:limit]),
        next_cursor=found[limit - 1].id if len(found) > limit else None,
        complete=complete,
    )


@routes.get("/{job_id}", response_description="The job as it is now")
async def get_job(request: Request, job_id: JobId, _caller: Admin) -> JobAnswer:
    """Return a job."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(job_id)
    return JobAnswer.of(job) if job is not None else (await _other(request, job_id))[0]


@routes.post("/{job_id}/stop", response_description="The job, which ends when the broker has what it sent")
async def stop_job(request: Request, job_id: JobId, _caller: Admin) -> JobAnswer:
    """Stop a job. One that has ended stays as it is."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(job_id)
    if job is not None:
        jobs.stop(job)
        return JobAnswer.of(job)
    answer, instance = await _other(request, job_id)
    if answer.status not in ENDED:
        raise Problem(409, f"it runs in another process, {instance}, which is the one to ask")
    return answer


async def _other(request: Request, job_id: str) -> tuple[JobAnswer, str]:
    """Return a job that this process does not know, and the instance that runs it, or ran it."""
    history: JobHistory = request.app.state.history
    found = await history.get(job_id)
    if found is None:
        raise Problem(404, "there is no such job, or it is forgotten by now")
    return found


async def _on_invalid_job(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [_without_kind(fault_of(each), each["type"]) for each in error.errors()]
    return problem_response(Problem(422, f"{faults[0].field}: {faults[0].message}", faults))


def _without_kind(fault: Fault, error_type: str) -> Fault:
    """Name the field as the caller wrote it: pydantic puts the kind of the job before it."""
    if error_type.startswith("union_tag"):
        return fault.model_copy(update={"field": "kind"})
    kind, _, field = fault.field.partition(".")
    return fault.model_copy(update={"field": field or "body"}) if kind in _KINDS else fault
