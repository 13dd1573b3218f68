"""The aggregator's settings."""

from alerting.runtime.config import Settings


class AggregatorSettings(Settings):
    """What the aggregator reads."""

    port: int = 8086
