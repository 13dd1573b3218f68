"""Guards: "an alert that matches thousands of clients costs no more than what is read of it"."""

from benches.measures.matching import call_each
from benches.workloads import make
from matchcore import Index

__all__ = ["FanOut"]


class FanOut:
    """500 events, half of which match every one of 300 clients."""

    def setup(self) -> None:
        made = make("uniform", 90_000, 500)
        self.index = Index.from_columns(*made.rules.columns())
        self.events = made.events.rows()

    def time_match(self) -> None:
        """The lazy result."""
        call_each(self.index.match, self.events)

    def time_match_limited(self) -> None:
        """Ten rules at most."""
        for event in self.events:
            self.index.match(*event, limit=10)

    def time_count(self) -> None:
        """The number of rules alone."""
        call_each(self.index.count, self.events)

    def time_any(self) -> None:
        """Whether there is one."""
        call_each(self.index.any, self.events)
