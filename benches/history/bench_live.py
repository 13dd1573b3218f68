"""Guards: "one rule is added, replaced or removed without a rebuild, and readers never wait"."""

from benches.measures.living import changes
from benches.measures.matching import call_each
from benches.workloads import make
from matchcore import Index, LiveIndex

__all__ = ["Live"]


class Live:
    """A live index of mix."""

    params = (1_000, 100_000)
    param_names = ("rules",)

    def setup(self, rules: int) -> None:
        made = make("mix", rules, 2_000)
        self.live = LiveIndex(Index.from_columns(*made.rules.columns()))
        self.events = made.events.rows()
        self.changes = changes(self.live, self.events)

    def time_apply_one_change(self, rules: int) -> None:
        """A new rule, its replacement, its removal, in turn."""
        next(self.changes)()

    def time_match(self, rules: int) -> None:
        """2,000 events, one at a time."""
        call_each(self.live.match, self.events)
