"""rule-updater's settings."""

from pydantic import Field

from alerting.runtime.config import Settings


class RuleUpdaterSettings(Settings):
    """What rule-updater reads."""

    port: int = Field(8084, ge=0, le=65535, description="of the service's HTTP server; 0 takes a free one")
    rules_poll_interval: float = Field(0.5, gt=0, le=1, description="seconds between two looks at the log of changes")
    rules_lease: float = Field(5.0, ge=2, le=300, description="seconds until another rule-updater takes over")
    rules_compact_after: int = Field(10_000, ge=1, description="changes until a new base is written, at least")
    rules_compact_share: float = Field(0.05, ge=0, le=1, description="or this share of the rules, if it is more")
    rules_base_grace: float = Field(600.0, ge=1, description="seconds that a base's chunks stay when it is replaced")
    rules_read_timeout: float = Field(600.0, ge=1, description="seconds that reading all rules may take")
