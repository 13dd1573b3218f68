"""What may be asked of the service, and the limits that the deployment sets."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from alerting.alert_producer.load import Load, new_load
from alerting.alert_producer.mix import Mix
from alerting.alert_producer.pace import Pace
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.alert_producer.single import SingleAlert, Text
from alerting.runtime.described import Described, examples
from alerting.runtime.problem import Fault

Seed = Annotated[int, Field(ge=0, lt=1 << 63)]


def _short(prefix: str) -> str:
    if len(prefix) > 200:
        raise ValueError("must not have more than 200 characters")
    return prefix


Prefix = Annotated[Text, AfterValidator(_short)]


class _LoadRequest(Described):
    model_config = ConfigDict(extra="forbid")

    seed: Seed | None = None
    """The same seed makes the same alerts; one is chosen when it is null."""
    id_prefix: Prefix | None = None
    """What the alerts' ids begin with; when it is null, one is chosen that no other job has."""
    mix: Mix = Mix()
    """What the alerts are drawn from."""


class ContinuousRequest(_LoadRequest):
    """So many alerts a second, for so many seconds."""

    model_config = examples({"kind": "continuous", "rps": 500, "duration": 60, "mix": {"duplicates": 0.01}})

    kind: Literal["continuous"]
    """Says which of the kinds of job this is."""
    rps: float = Field(gt=0, allow_inf_nan=False)
    """Alerts a second."""
    duration: float = Field(gt=0, allow_inf_nan=False)
    """Seconds."""

    def faults(self, settings: AlertProducerSettings) -> Iterator[Fault]:
        """Yield what is beyond the limits."""
        yield from _at_most("rps", self.rps, settings.producer_max_rps)
        yield from _at_most("duration", self.duration, settings.producer_max_duration)

    def what(self) -> Load:
        """Return the load."""
        return new_load(Pace(rps=self.rps, duration=self.duration), self.mix, self.seed, self.id_prefix)


class BurstRequest(_LoadRequest):
    """So many alerts, as fast as the broker takes them."""

    model_config = examples({"kind": "burst", "count": 100_000, "seed": 1})

    kind: Literal["burst"]
    """Says which of the kinds of job this is."""
    count: int = Field(ge=1)
    """How many alerts."""

    def faults(self, settings: AlertProducerSettings) -> Iterator[Fault]:
        """Yield what is beyond the limits."""
        yield from _at_most("count", self.count, settings.producer_max_count)

    def what(self) -> Load:
        """Return the load."""
        return new_load(Pace(count=self.count), self.mix, self.seed, self.id_prefix)


class OneRequest(SingleAlert):
    """One alert, as it is given."""

    model_config = examples(
        {
            "kind": "one",
            "severity": "HIGH",
            "source": "payments",
            "name": "QueueFull",
            "context": {"region": "eu"},
        }
    )

    kind: Literal["one"]
    """Says which of the kinds of job this is."""

    def faults(self, _settings: AlertProducerSettings) -> Iterator[Fault]:
        """Yield nothing: one alert is within every limit."""
        return iter(())

    def what(self) -> SingleAlert:
        """Return the alert."""
        return self


JobRequest = Annotated[ContinuousRequest | BurstRequest | OneRequest, Field(discriminator="kind")]


def _at_most(field: str, asked: float, limit: float) -> Iterator[Fault]:
    if asked > limit:
        yield Fault(field=field, message=f"must not be more than {limit:g}, which is this deployment's limit")
