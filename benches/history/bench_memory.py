"""Guards: "memory beside the id strings is bounded, whatever the number of rules"."""

from benches.measures.memory import beside_ids
from benches.workloads import make
from matchcore import Index

__all__ = ["Memory"]


class Memory:
    """Bytes a rule beside the id strings, at sizes between and above powers of two."""

    params = (["x", "mix", "skewed"], [1_000, 10_000, 65_537, 100_000])
    param_names = ("workload", "rules")
    unit = "bytes"

    def track_bytes_a_rule(self, workload: str, rules: int) -> float:
        """`Index.nbytes` less the ids, divided by the rules."""
        made = make(workload, rules, 1).rules
        return beside_ids(Index.from_columns(*made.columns()), made)
