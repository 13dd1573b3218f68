"""Settings of the alert producer."""

from pydantic import Field

from alerting.runtime.config import Settings


class AlertProducerSettings(Settings):
    """What the HTTP service reads; the command line is not limited by it."""

    port: int = Field(8082, ge=0, le=65535)
    producer_max_jobs: int = Field(4, ge=1, le=64, description="most jobs that run at the same time")
    producer_max_rps: float = Field(20_000, gt=0, description="most alerts a second that one job may ask for")
    producer_max_count: int = Field(10_000_000, ge=1, description="most alerts that one burst may ask for")
    producer_max_duration: float = Field(86_400, gt=0, description="most seconds that one job may ask for")
    producer_job_history: int = Field(1_000, ge=1, le=100_000, description="ended jobs that are remembered")
