"""The settings of the retention, for the service that runs it."""

from pydantic import Field

from alerting.runtime.config import Settings


class RetentionSettings(Settings):
    """What the retention reads."""

    # What is removed is known no more: an alert that comes again after that is a new one. So it must be longer than
    # the broker keeps its messages, which is a week unless a topic says otherwise.
    retention_days: int = Field(
        30, ge=0, le=36_500, description="days that a notification is kept after it was recorded; 0 keeps it for ever"
    )
    retention_batch: int = Field(1_000, ge=1, le=10_000, description="most notifications removed in one transaction")
    retention_interval: float = Field(
        300.0, gt=0, le=86_400, description="seconds between two looks for notifications that are old"
    )
