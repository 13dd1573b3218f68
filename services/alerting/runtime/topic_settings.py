"""How topics are made, and what they are compared with afterwards."""

from pydantic import Field

from alerting.runtime.config import Settings
from alerting.runtime.topics import PARTITIONS


class TopicSettings(Settings):
    """What `alerting topics` and `alerting doctor` read."""

    topic_partitions: int = Field(
        PARTITIONS, ge=1, le=10_000, description="of each topic; one of dead letters has a single one"
    )
    topic_replication: int = Field(
        -1, ge=-1, le=100, description="copies of each partition; -1 takes the broker's default"
    )
    topic_min_insync: int = Field(
        0, ge=0, le=100, description="copies that have to acknowledge a message; 0 takes the broker's default"
    )
