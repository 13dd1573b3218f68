"""What a load is: its pace, its mix, and the seed that makes it come again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from alerting.alert_producer.catalog import CatalogAlert
from alerting.alert_producer.generator import AlertGenerator
from alerting.alert_producer.mix import Mix
from alerting.alert_producer.pace import Pace
from alerting.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Load:
    """Everything that decides which alerts are sent, and when."""

    pace: Pace
    mix: Mix
    seed: int
    id_prefix: str

    def generator(self, catalog: Sequence[CatalogAlert], clock: Clock) -> AlertGenerator:
        """Return the alerts.

        Raises
        ------
        UnknownSource
            The mix names a source that the catalog does not have.
        """
        return AlertGenerator(self.mix, catalog, seed=self.seed, id_prefix=self.id_prefix, clock=clock)


def new_load(pace: Pace, mix: Mix, seed: int | None, id_prefix: str | None) -> Load:
    """Choose what was left open: a seed, and a prefix that makes the ids differ from those of every other run."""
    chosen = secrets.randbelow(1 << 31) if seed is None else seed
    return Load(pace, mix, chosen, id_prefix or f"load-{chosen}-{secrets.token_hex(4)}")
