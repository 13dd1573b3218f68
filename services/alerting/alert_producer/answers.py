"""What the service says of a job."""

from datetime import UTC, datetime
from typing import Literal, Self

from alerting.alert_producer.job import Job, Status
from alerting.alert_producer.mix import Mix
from alerting.alert_producer.single import SingleAlert
from alerting.runtime.described import Described


class JobAnswer(Described):
    """A job as it is now."""

    id: str
    """Its id, a UUID of version 7: later ones are greater."""
    kind: Literal["continuous", "burst", "one"]
    """A load for some time, so many at once, or a single alert."""
    status: Status
    """`running`, or `stopping` when it was told to; then `completed`, `stopped` or `failed`."""
    created_by: str
    """The name of the API key that started it."""
    started_at: datetime
    """When it was started, in UTC."""
    finished_at: datetime | None
    """When it ended, in UTC; null until then."""
    total: int | None
    """How many alerts it is to send; null when that is not known."""
    sent: int
    """How many alerts it has sent."""
    acknowledged: int
    """How many of the sent ones the broker has."""
    duplicates: int
    """How many of the sent ones were sent before."""
    rate: float
    """Acknowledged alerts a second, on average."""
    error: str | None
    """Why it failed; null when it did not."""
    rps: float | None = None
    """Alerts a second, as asked for; null when it is not continuous."""
    duration: float | None = None
    """Seconds, as asked for; null when it is not continuous."""
    seed: int | None = None
    """What the alerts are made of, asked for or chosen; null for a single alert."""
    id_prefix: str | None = None
    """What the alerts' ids begin with, asked for or chosen; null for a single alert."""
    mix: Mix | None = None
    """What the alerts are drawn from; null for a single alert."""
    alert_id: str | None = None
    """The id of the single alert; null for a load."""
    alert: SingleAlert | None = None
    """The single alert, so that one can send another like it; null for a load."""

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


class JobPage(Described):
    """A page of jobs, the newest first."""

    items: list[JobAnswer]
    """The jobs on this page."""
    next_cursor: str | None
    """The `cursor` of the next page; null when this is the last."""
    complete: bool
    """Whether Redis answered, which knows of the jobs before the last restart, and of those of other processes."""


class CatalogSource(Described):
    """A system of the catalog."""

    source: str
    """Its name, as alerts have it."""
    alerts: int
    """How many different alerts it raises."""


class Limits(Described):
    """The most that may be asked for, by this deployment's settings."""

    max_jobs: int
    """Jobs at the same time."""
    max_rps: float
    """Alerts a second, of one job."""
    max_count: int
    """Alerts of one burst."""
    max_duration: float
    """Seconds of one job."""


class Catalog(Described):
    """What jobs may be made of."""

    sources: list[CatalogSource]
    """What alerts can come from, by name."""
    limits: Limits
    """The most that may be asked for."""
