"""Guards: "matches an alert against a million rules in well under a microsecond"."""

from benches.measures.matching import BATCH, call_each, match_batches, read_each
from benches.workloads import make
from matchcore import Index

__all__ = ["Match"]


class Match:
    """2,000 events, one at a time and in batches."""

    params = (["x", "mix"], [1_000, 100_000])
    param_names = ("workload", "rules")

    def setup(self, workload: str, rules: int) -> None:
        made = make(workload, rules, 2_000)
        self.index = Index.from_columns(*made.rules.columns())
        self.events = made.events.rows()
        self.batches = [(batch.severities, batch.sources, batch.names) for batch in made.events.batches(BATCH)]

    def time_match(self, workload: str, rules: int) -> None:
        """The lazy result."""
        call_each(self.index.match, self.events)

    def time_match_and_read(self, workload: str, rules: int) -> None:
        """Every client id and rule id as a Python string."""
        read_each(self.index.match, self.events)

    def time_count(self, workload: str, rules: int) -> None:
        """The number of rules alone."""
        call_each(self.index.count, self.events)

    def time_match_batch(self, workload: str, rules: int) -> None:
        """8,192 events a call."""
        match_batches(self.index, self.batches)
