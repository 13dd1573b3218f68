"""Guards: "routes an alert's bytes to its clients without a protobuf runtime, in about a microsecond"."""

from benches.payloads import encode_all
from benches.workloads import make
from matchcore import Index, Router

__all__ = ["Route"]


class Route:
    """1,024 payloads, about four clients each."""

    params = (1_000, 100_000)
    param_names = ("rules",)

    def setup(self, rules: int) -> None:
        made = make("routed", rules, 1_024)
        self.router = Router(Index.from_columns(*made.rules.columns(), version=1))
        self.payloads = encode_all(made.events)

    def time_route_batch(self, rules: int) -> None:
        """All of them in one call."""
        self.router.route_batch(self.payloads)

    def time_route(self, rules: int) -> None:
        """One payload a call."""
        for payload in self.payloads:
            self.router.route(payload)
