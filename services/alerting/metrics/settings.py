"""Settings of the metrics service."""

from pydantic import Field

from alerting.runtime.config import Settings


class MetricsSettings(Settings):
    """What the service reads."""

    port: int = Field(8083, ge=0, le=65535)
    metrics_cache: float = Field(1.5, ge=0, le=60, description="seconds that an answer is kept, at the least")
    metrics_lag_interval: float = Field(
        5.0, ge=0.1, description="seconds between two looks at the lag and the queues, for /metrics"
    )
    metrics_timeout: float = Field(5.0, gt=0, le=60, description="seconds that a question to a dependency may take")
