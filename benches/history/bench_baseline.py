"""Guards: "n times faster than a dict"."""

from benches import baseline, rounds
from benches.measures.matching import call_each
from benches.workloads import make
from matchcore import Index

__all__ = ["Baseline"]


class Baseline:
    """20,000 events against the dict and the index, in turns."""

    params = (["x", "mix"], [1_000, 100_000])
    param_names = ("workload", "rules")
    unit = "times"

    def setup(self, workload: str, rules: int) -> None:
        made = make(workload, rules, 20_000)
        columns = made.rules.columns()
        self.index = Index.from_columns(*columns)
        self.dict = baseline.flat_matcher(baseline.build_flat(columns.rows()))
        self.events = made.events.rows()

    def track_times_the_dict(self, workload: str, rules: int) -> float:
        """How many times faster `match` is."""
        contenders = {
            "dict": lambda: call_each(self.dict, self.events),
            "index": lambda: call_each(self.index.match, self.events),
        }
        return rounds.ratio(rounds.interleave(contenders, 5), "dict", "index")
