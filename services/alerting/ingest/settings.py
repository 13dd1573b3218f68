"""The settings of ingest."""

from pydantic import Field

from alerting.ingest.integration import IntegrationName, IntegrationSettings
from alerting.runtime.config import Settings


class IngestSettings(Settings):
    """What ingest reads besides what every service reads."""

    port: int = Field(8080, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    # Prometheus gives up after 10 seconds: it should hear of the failure before.
    produce_timeout: float = Field(8.0, gt=0, description="seconds until an unacknowledged message counts as failed")
    integrations: dict[IntegrationName, IntegrationSettings] = Field(
        {}, description="how integrations read labels; the one named default is for all that are not named"
    )
    max_body_bytes: int = Field(1_048_576, ge=1_024, le=67_108_864, description="most bytes of a body, uncompressed")
    max_pending_bytes: int = Field(
        134_217_728, ge=1_048_576, description="most bytes of bodies that are worked on at the same time"
    )
    redis_timeout: float = Field(0.4, gt=0, le=5, description="seconds to wait for Redis before doing without it")
