"""One alert, as somebody wrote it down: to try out who is notified."""

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from alerting.alert_producer.generator import Encoded
from alerting.alert_producer.mix import MOST_CONTEXT_BYTES, MOST_CONTEXT_KEYS, SeverityName
from alerting.events.v1 import SCHEMA_VERSION, AlertNew
from alerting.runtime.described import Described
from alerting.runtime.ids import new_id


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not contain NUL")
    return value


Text = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_without_nul)]


class SingleAlert(Described):
    """The fields of one alert."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: SeverityName
    """Its severity."""
    source: Text
    """Its source."""
    name: Text
    """Its name."""
    context: dict[Text, Annotated[str, AfterValidator(_without_nul)]] = Field({}, max_length=MOST_CONTEXT_KEYS)
    """Whatever else there is to say; at most 16 KiB of keys and values together."""
    alert_id: Text = Field(default_factory=lambda: f"test-{new_id()}")
    """Its id; made when it is absent. The same again is a repetition."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        size = sum(len(part.encode()) for entry in self.context.items() for part in entry)
        if size > MOST_CONTEXT_BYTES:
            raise ValueError(f"context: must not have more than {MOST_CONTEXT_BYTES} bytes")
        return self

    def encode(self, event_ts: int) -> Encoded:
        """Return the alert's key and value on the topic."""
        alert = AlertNew(
            alert_id=self.alert_id,
            schema_version=SCHEMA_VERSION,
            event_ts=event_ts,
            severity=self.severity,
            source=self.source,
            name=self.name,
            context=self.context,
        )
        return self.alert_id.encode(), alert.SerializeToString(deterministic=True)
