"""Guards: "builds from an iterable of rules, or from list, numpy and Arrow columns, millions a second"."""

from benches import arrow
from benches.workloads import make
from matchcore import Index, Rule

__all__ = ["Build"]


class Build:
    """100,000 rules of mix."""

    def setup(self) -> None:
        self.columns = make("mix", 100_000, 1).rules.columns()
        self.arrays = arrow.from_lists(self.columns)
        self.rules = [Rule(*row) for row in self.columns.rows()]

    def time_build(self) -> None:
        """From a list of rules."""
        Index.build(self.rules)

    def time_from_lists(self) -> None:
        """From lists of strings."""
        Index.from_columns(*self.columns)

    def time_from_arrow(self) -> None:
        """From Arrow columns."""
        Index.from_columns(*self.arrays)

    def peakmem_from_lists(self) -> None:
        """With the lists themselves."""
        Index.from_columns(*self.columns)
