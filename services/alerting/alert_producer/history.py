"""The jobs of all processes, in Redis: what is listed after a restart.

Redis and not PostgreSQL, because this is for looking at and nothing is lost with it; a job that runs is written down
every other second, which would be a row that a load test makes the database rewrite; and the service has to be no less
useful than before while it is away. It holds ``producer_job_history`` jobs for thirty days, each about 1 kB.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final, cast

from pydantic import BaseModel, ValidationError

from alerting.alert_producer.answers import JobAnswer
from alerting.alert_producer.job import ENDED
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.runtime.async_redis import connect, redis_errors
from alerting.runtime.clock import Clock
from alerting.runtime.ids import new_id

SECONDS: Final = 30 * 24 * 3_600
LOST_SECONDS: Final = 30.0
"""When nothing was heard of a running job for so long, its process is gone."""

_IDS: Final = "producer:jobs"
_RECORDS: Final = "producer:jobs:records"


class Record(BaseModel):
    """A job as its process last told of it."""

    job: JobAnswer
    instance: str
    process: str
    """Differs from that of every other process, also of one with the same instance."""
    at: float


class JobHistory:
    """Asks Redis, for `timeout` seconds at most; every question raises `Unavailable` when there is no answer."""

    def __init__(self, settings: AlertProducerSettings, clock: Clock, *, timeout: float = 1.0) -> None:
        self._redis = connect(settings, timeout=timeout)
        self._add = self._redis.register_script((files("alerting.alert_producer") / "history.lua").read_bytes())
        self._most = settings.producer_job_history
        self._instance = settings.instance
        self._process = new_id()
        self._clock = clock

    async def add(self, jobs: Iterable[JobAnswer]) -> None:
        """Write down jobs of this process as they are now."""
        arguments: list[str] = []
        for job in jobs:
            record = Record(job=job, instance=self._instance, process=self._process, at=self._clock.now())
            arguments += [job.id, record.model_dump_json()]
        with redis_errors():
            await self._add(keys=[_IDS, _RECORDS], args=[self._most, SECONDS, *arguments])

    async def newest(self, limit: int, *, before: str | None) -> Sequence[JobAnswer]:
        """Return jobs, the newest first; with `before`, only those that are older than the job with that id."""
        with redis_errors():
            found = await self._redis.zrange(
                _IDS, "+" if before is None else f"({before}", "-", desc=True, bylex=True, offset=0, num=limit
            )
            ids = cast("list[bytes]", found)
            bodies = cast("list[bytes | None]", await self._redis.hmget(_RECORDS, ids) if ids else [])
        return [self._answer(record) for body in bodies if (record := read_record(body)) is not None]

    async def get(self, job_id: str) -> tuple[JobAnswer, str] | None:
        """Return a job and the instance that runs it, or ran it."""
        with redis_errors():
            body = cast("bytes | None", await self._redis.hget(_RECORDS, job_id))
        record = read_record(body)
        return None if record is None else (self._answer(record), record.instance)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    def _answer(self, record: Record) -> JobAnswer:
        silent = self._clock.now() - record.at > LOST_SECONDS
        replaced = record.instance == self._instance and record.process != self._process
        return as_lost(record) if silent or replaced else record.job


def read_record(body: bytes | None) -> Record | None:
    """Read a record; None when there is none, or it is another version's."""
    if body is None:
        return None
    try:
        return Record.model_validate_json(body)
    except ValidationError:
        return None


def as_lost(record: Record) -> JobAnswer:
    """Return the job of a process that is gone: if it had not ended, it failed when it was last heard of."""
    if record.job.status in ENDED:
        return record.job
    return JobAnswer.model_validate(
        {
            **record.job.model_dump(),
            "status": "failed",
            "finished_at": record.at,
            "error": f"its process, {record.instance}, ended before it did; the counts are the last that were heard",
        }
    )
