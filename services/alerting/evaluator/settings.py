"""The evaluator's settings."""

from pydantic import Field

from alerting.runtime.config import Settings


class EvaluatorSettings(Settings):
    """What the evaluator reads."""

    port: int = Field(8085, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    batch_size: int = Field(10_000, ge=1, le=100_000, description="most alerts matched and committed together")
