"""An evaluator's follower that takes a step when it is told."""

from alerting.evaluator.follower import Follower
from alerting.evaluator.rules import Rules
from alerting.evaluator.source import RedisRuleSource
from alerting.runtime.config import Settings
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock
from fix_rule_book import Content


class Evaluating:
    """One process's rules."""

    def __init__(self, settings: Settings) -> None:
        self.clock = FakeClock()
        self.rules = Rules(Telemetry(self.clock))
        self.follower = Follower(RedisRuleSource(settings), self.rules, self.clock)

    @property
    def now(self) -> tuple[int, Content] | None:
        """The version in use and its rules."""
        current = self.rules.current
        return None if current is None else (current.version, frozenset(current.live.rules()))

    def step(self) -> bool:
        # Whatever is to be tried again later, later is now.
        self.clock.advance(60)
        return self.follower.step(0)

    def close(self) -> None:
        self.follower.close()
