"""What the service says of a job."""

from datetime import UTC, datetime
from typing import Literal, Self

from pydantic import BaseModel

from alerting.alert_producer.job import Job, Status
from alerting.alert_producer.mix import Mix
from alerting.alert_producer.single import SingleAlert


class JobAnswer(BaseModel):
    """A job as it is now."""

    id: str
    kind: Literal["continuous", "burst", "one"]
    status: Status
    created_by: str
    """The name of the API key."""
    started_at: datetime
    finished_at: datetime | None
    total: int | None
    """How many alerts it is to send."""
    sent: int
    acknowledged: int
    """How many of the sent ones the broker has."""
    duplicates: int
    """How many of the sent ones were sent before."""
    rate: float
    """Acknowledged alerts a second, on average."""
    error: str | None
    """Why it failed."""
    rps: float | None = None
    duration: float | None = None
    seed: int | None = None
    id_prefix: str | None = None
    mix: Mix | None = None
    alert_id: str | None = None
    """Of a single alert."""
    alert: SingleAlert | None = None
    """The single alert, so that one can send another like it."""

    @classmethod
    def of(cls, job: Job) -> Self:
        """Describe a job."""
        counts = job.counts
        if isinstance(job.what, SingleAlert):
            asked: dict[str, object] = {"total": 1, "alert_id": job.what.alert_id, "alert": job.what}
        else:
            load = job.what
            asked = {
                "total": load.pace.total,
                "rps": load.pace.rps,
                "duration": load.pace.duration,
                "seed": load.seed,
                "id_prefix": load.id_prefix,
                "mix": load.mix,
            }
        return cls.model_validate(
            {
                "id": job.id,
                "kind": job.kind,
                "status": job.status,
                "created_by": job.created_by,
                "started_at": datetime.fromtimestamp(job.started_at, UTC),
                "finished_at": datetime.fromtimestamp(job.finished_at, UTC) if job.finished_at is not None else None,
                "sent": counts.sent,
                "acknowledged": counts.acknowledged,
                "duplicates": counts.duplicates,
                "rate": counts.rate,
                "error": job.error,
                **asked,
            }
        )


class JobPage(BaseModel):
    """A page of jobs, the newest first."""

    items: list[JobAnswer]
    next_cursor: str | None
    complete: bool
    """Whether Redis answered, which knows of the jobs before the last restart, and of those of other processes."""


class CatalogSource(BaseModel):
    """A system of the catalog."""

    source: str
    alerts: int
    """How many different ones it raises."""


class Limits(BaseModel):
    """The most that may be asked for, by this deployment's settings."""

    max_jobs: int
    """At the same time."""
    max_rps: float
    """Alerts a second, of one job."""
    max_count: int
    """Alerts of one burst."""
    max_duration: float
    """Seconds of one job."""


class Catalog(BaseModel):
    """What jobs may be made of."""

    sources: list[CatalogSource]
    """By name."""
    limits: Limits
